namespace CnnFast.Kernels;

/// <summary>
/// Dense layers with weights of 16 bits (bfloat16: the upper half of a float), which are widened in registers: a layer on few rows is bound
/// by the bytes of its weights. A panel has <see cref="Columns"/> columns. Of each term it holds <see cref="Words"/> vectors of words; word
/// j of vector p holds column 2·p·lanes + j in its lower half and column (2·p + 1)·lanes + j in its upper half. Sums and inputs are floats.
/// Immutable; <see cref="All"/> is the family's list.
/// </summary>
internal sealed unsafe class BFloat16Kernels : IKernelSet, ITierKernels<BFloat16Kernels>
{
    /// <summary>Vectors of words of a term.</summary>
    public const int Words = 4;

    /// <summary>One set a tier, best first.</summary>
    public static readonly IReadOnlyList<BFloat16Kernels> All = Tiers.Build<BFloat16Kernels>();

    public required IsaLevel Isa { get; init; }

    public IReadOnlyList<string> Operations => ["DenseBFloat16"];

    /// <summary>Lanes of a vector.</summary>
    public required int Lanes { get; init; }

    /// <summary>Columns of a panel.</summary>
    public int Columns => 2 * Words * Lanes;

    /// <summary>y = x·w + bias + residual: each output one chain of multiply-adds in the order of the terms.</summary>
    public required delegate*<BFloat16Run*, void> Run { get; init; }

    /// <summary>The kernels on any implementation of the lanes.</summary>
    public static BFloat16Kernels Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new()
        {
            Isa = isa,
            Lanes = L.Count,
            Run = &BFloat16Loops<L, V, I>.Run,
        };

    /// <summary>The weight as bfloat16: rounded to nearest even, the largest finite one where that would be infinite, a zero of its sign
    /// below 2⁻¹²⁶; infinities and NaN stay what they are.</summary>
    public static ushort Round(float weight)
    {
        const uint Infinity = 0x7F800000;
        const uint Quiet = 0x00400000;
        const ushort Largest = 0x7F7F;
        uint bits = BitConverter.SingleToUInt32Bits(weight), magnitude = bits & 0x7FFFFFFF;
        var sign = (ushort)((bits >> 16) & 0x8000);
        if (magnitude >= Infinity)
            return (ushort)((magnitude > Infinity ? bits | Quiet : bits) >> 16);
        if (magnitude < 0x00800000)
            return sign;
        uint rounded = (magnitude + 0x7FFF + ((magnitude >> 16) & 1)) >> 16;
        return (ushort)(sign | Math.Min(rounded, Largest));
    }
}
