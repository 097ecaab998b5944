namespace CnnFast.Kernels;

/// <summary>One entry of <see cref="GemmOuterKernels"/>: a register tile of MR × NR sums of outer products.</summary>
/// <param name="isa">The tier that it needs.</param>
/// <param name="mr">Rows of the tile.</param>
/// <param name="nr">Columns of the tile, which is the width of a packed panel.</param>
/// <param name="vectors">Vectors of a row.</param>
/// <param name="run">The tile.</param>
internal sealed unsafe class GemmOuterKernel(IsaLevel isa, int mr, int nr, int vectors, delegate*<GemmOuterTile*, void> run) : IKernelSet
{
    public string Name { get; } = $"F32GemmOuter{mr}x{nr}{isa}";

    public IsaLevel Isa { get; } = isa;

    public IReadOnlyList<string> Operations { get; } = [$"GemmOuter{mr}x{nr}"];

    public int MR { get; } = mr;

    public int NR { get; } = nr;

    /// <summary>Floats of a vector.</summary>
    public int VectorFloats { get; } = nr / vectors;

    public delegate*<GemmOuterTile*, void> Run { get; } = run;

    /// <summary>
    /// What a pixel costs a matrix of sums on this tile: its multiply-adds, the empty rows, lanes and vectors of the last tiles included. A
    /// tile of 12 rows on 16 registers reaches 70 % of the speed of the others: more loads, and row pointers that do not fit.
    /// </summary>
    /// <param name="rows">Rows of the sums.</param>
    /// <param name="runs">Runs of columns; each begins a vector.</param>
    /// <param name="runLength">Columns of a run.</param>
    public double Cost(long rows, long runs, long runLength)
    {
        long columns = runs * RoundUp(runLength, VectorFloats);
        return (double)RoundUp(rows, MR) * RoundUp(columns, NR) * (MR == 12 && Tiers.VectorsOf(Isa).Registers < 32 ? 1.4 : 1);
    }

    private static long RoundUp(long count, int unit) => (count + unit - 1) / unit * unit;
}
