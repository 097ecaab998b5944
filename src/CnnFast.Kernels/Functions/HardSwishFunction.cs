using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
internal readonly struct HardSwishFunction : IElementFunction
{
    // The floats next to −3 and 3, so that "greater" stands for "at least" and a NaN takes the middle.
    private const float AboveLow = -2.99999976f;
    private const float BelowHigh = 2.99999976f;

    public static string Name => "HardSwish";

    public static string NamePrefix => "hard_swish";

    public static Activation Activation => Activation.HardSwish;

    public static long Cost => 32;

    public static bool IsRectifier => true;

    public static int FileVersion => 1;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V gate = L.Min(L.Max(L.Add(x, L.Create(3f)), L.Create(0f)), L.Create(6f));
        return L.Multiply(L.Multiply(x, L.Create(1f / 6f)), gate);
    }

    /// <summary>dy times 0 where x ≤ −3, 1 where x ≥ 3, else x/3 + 1/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V middle = L.MultiplyAdd(x, L.Create(1f / 3f), L.Create(0.5f));
        V slope = L.SelectGreater(x, L.Create(BelowHigh), L.Create(1f), L.SelectGreater(L.Create(AboveLow), x, L.Create(0f), middle));
        return L.Multiply(dy, slope);
    }
}
