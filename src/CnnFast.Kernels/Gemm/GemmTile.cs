namespace CnnFast.Kernels;

/// <summary>
/// One register tile of C[i, j] = (init) + Σ over runs and k of A[RowOffsets[i] + run.Offset + k] · B[row, j], where row counts the
/// terms from 0 through all runs. Each output is one chain of multiply-adds in that order, starting from bias + residual or from C.
/// </summary>
internal unsafe struct GemmTile
{
    /// <summary>What the row offsets count from.</summary>
    public float* A;

    /// <summary>MR offsets in floats, one a row of the tile.</summary>
    public nint* RowOffsets;

    /// <summary>The runs of this block of the reduction.</summary>
    public GemmRun* Runs;

    /// <summary>The number of runs, at least 1.</summary>
    public nint RunCount;

    /// <summary>The panel [terms, NR] of this block.</summary>
    public float* B;

    /// <summary>What the output offsets count from.</summary>
    public float* C;

    /// <summary>MR offsets in floats; row i of the tile lies at C + OutputOffsets[i], NR floats wide.</summary>
    public nint* OutputOffsets;

    /// <summary>NR biases to start from, or null to start from what C holds.</summary>
    public float* Bias;

    /// <summary>Where there is a bias: added to it, laid out as C; or null.</summary>
    public float* Residual;
}
