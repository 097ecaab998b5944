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

    /// <summary>
    /// What a pixel costs a matrix of sums on this tile: its multiply-adds, the empty rows and columns of the last tiles included. A tile of 12 rows
    /// on 16 registers reaches 70 % of the speed of the others: more loads, and row pointers that do not fit.
    /// </summary>
    public double Cost(long rows, long columns) =>
        (double)((rows + MR - 1) / MR * MR) * ((columns + NR - 1) / NR * NR) * (MR == 12 && Isa != IsaLevel.Avx512 ? 1.4 : 1);
}
