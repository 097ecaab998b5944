namespace CnnFast.Kernels;

/// <summary>One entry of <see cref="DepthwiseFilterKernels"/>: the filter-gradient tiles of one tier.</summary>
internal sealed unsafe class DepthwiseFilterKernel : IKernelSet, ITierKernels<DepthwiseFilterKernel>
{
    public const int MostTaps = 3;

    private readonly delegate*<DepthwiseFilterTile*, void>[] _tiles;
    private string? _name;

    /// <param name="isa">The tier.</param>
    /// <param name="lanes">Channels of a vector.</param>
    /// <param name="tiles">By rows of taps, columns of taps, then whole or part of a vector.</param>
    public DepthwiseFilterKernel(IsaLevel isa, int lanes, delegate*<DepthwiseFilterTile*, void>[] tiles)
    {
        Isa = isa;
        Lanes = lanes;
        _tiles = tiles;
    }

    /// <summary>The kernel's name, such as <c>F32DepthwiseFilter9x8Avx2</c>: taps × channels.</summary>
    public string Name => _name ??= $"F32{Operations[0]}{Isa}";

    public IsaLevel Isa { get; }

    public IReadOnlyList<string> Operations => [$"DepthwiseFilter{MostTaps * MostTaps}x{Lanes}"];

    /// <summary>Channels of a vector.</summary>
    public int Lanes { get; }

    public static DepthwiseFilterKernel Create<L, V, I>(IsaLevel isa)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(
            isa,
            L.Count,
            [
                &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size1, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size1, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size2, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size2, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size3, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size1, Size3, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size1, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size1, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size2, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size2, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size3, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size2, Size3, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size1, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size1, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size2, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size2, PartVector>,
                &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size3, WholeVector>, &DepthwiseFilterLoops<L, V, I>.Run<Size3, Size3, PartVector>,
            ]);

    /// <summary>The tile of 1 to 3 rows and columns of taps.</summary>
    public delegate*<DepthwiseFilterTile*, void> Of(int rows, int taps, bool whole) =>
        _tiles[(((rows - 1) * MostTaps) + taps - 1) * 2 + (whole ? 0 : 1)];
}
