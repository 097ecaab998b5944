using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnFast;

/// <summary>The table of tiers. What may run here, what is best and what a tier may take from others all come from it.</summary>
internal static class IsaTiers
{
    /// <summary>The tiers, best first.</summary>
    public static IReadOnlyList<IsaTier> BestFirst { get; } =
    [
        new(
            IsaLevel.Avx512,
            Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported && Vector512.IsHardwareAccelerated,
            Lower: IsaLevel.Avx2),
        new(IsaLevel.Avx2, Avx2.IsSupported && Fma.IsSupported, Lower: IsaLevel.V128),
        // Off until every sweep has run on it: ARM64 takes V128 kernels. AdvSimd.Arm64.IsSupported turns it on.
        new(IsaLevel.Neon, IsSupported: false, Lower: IsaLevel.V128),
        new(IsaLevel.V128, Vector128.IsHardwareAccelerated, Lower: IsaLevel.Scalar),
        new(IsaLevel.Scalar, IsSupported: true, Lower: null),
    ];

    /// <summary>The best tier that runs here.</summary>
    public static IsaLevel Best { get; } = BestFirst.First(tier => tier.IsSupported).Level;

    /// <summary>The row of a tier; null where the number is of none.</summary>
    public static IsaTier? Find(IsaLevel level) => BestFirst.FirstOrDefault(tier => tier.Level == level);

    /// <summary>Whether kernels of a tier run here.</summary>
    public static bool IsSupported(IsaLevel level) => Find(level) is { IsSupported: true };

    /// <summary>Whether kernels of one tier may be chosen where another is the limit: its own and those of the tiers below it.</summary>
    public static bool Allows(IsaLevel limit, IsaLevel kernel)
    {
        for (IsaTier? tier = Find(limit); tier is not null; tier = tier.Lower is { } lower ? Find(lower) : null)
        {
            if (tier.Level == kernel)
                return tier.IsSupported;
        }

        return false;
    }
}
