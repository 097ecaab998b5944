namespace CnnFast.Kernels;

/// <summary>One entry of <see cref="GemmOuterKernels"/>: a register tile of MR × NR sums of outer products.</summary>
/// <param name="isa">The tier that it needs.</param>
/// <param name="mr">Rows of the tile.</param>
/// <param name="nr">Columns of the tile, which is the width of a packed panel.</param>
/// <param name="run">The tile.</param>
internal sealed unsafe class GemmOuterKernel(IsaLevel isa, int mr, int nr, delegate*<GemmOuterTile*, void> run) : IKernelSet
{
    public string Name { get; } = $"F32GemmOuter{mr}x{nr}{isa}";

    public IsaLevel Isa { get; } = isa;

    public IReadOnlyList<string> Operations { get; } = [$"GemmOuter{mr}x{nr}"];

    public int MR { get; } = mr;

    public int NR { get; } = nr;

    public delegate*<GemmOuterTile*, void> Run { get; } = run;
}
