namespace CnnFast.Kernels;

/// <summary>
/// A stripe of register tiles. Each output is one chain of multiply-adds in the order of the terms, which count from 0 through all runs; it
/// starts from bias + residual or from C.
/// <see cref="ChannelLanes"/>: C[i, j] = (init) + Σ over runs and k of A[RowOffsets[i] + run.Offset + k] · B[term, j], B packed NR wide.
/// <see cref="PixelLanes"/>: C[i, j] = (init) + Σ over runs and k of A[RowOffsets[i] + term] · B[run.Offset + k · Step + j].
/// </summary>
internal unsafe struct GemmTile
{
    /// <summary>What the row offsets count from.</summary>
    public float* A;

    /// <summary>Offsets in floats, one a row.</summary>
    public nint* RowOffsets;

    /// <summary>Rows, at least 1.</summary>
    public nint Rows;

    /// <summary>Columns that exist, 1 to NR; no other output is read or written.</summary>
    public nint Columns;

    /// <summary>The runs of this block of the reduction.</summary>
    public GemmRun* Runs;

    /// <summary>The number of runs, at least 1.</summary>
    public nint RunCount;

    /// <summary>The panel [terms, NR] of this block, or the first pixel's place in the planes.</summary>
    public float* B;

    /// <summary>Floats between two terms of a run in the planes; unused where lanes are channels.</summary>
    public nint Step;

    /// <summary>What the output offsets count from.</summary>
    public float* C;

    /// <summary>Offsets in floats; row i lies at C + OutputOffsets[i], Columns floats wide.</summary>
    public nint* OutputOffsets;

    /// <summary>NR biases (where lanes are pixels: one a row) to start from, or null to start from what C holds.</summary>
    public float* Bias;

    /// <summary>Where there is a bias: added to it, laid out as C; or null.</summary>
    public float* Residual;
}
