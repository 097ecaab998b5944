namespace CnnFast.Kernels;

/// <summary>
/// One register tile of a sum of outer products over pixels: C[i, j] += Σ over pixels (r, c) of
/// A[RowOffsets[i] + r·RowStep + c·ColumnStep] · B[r·Columns + c, j]. The sum starts from zero and is added to C at the end.
/// </summary>
internal unsafe struct GemmOuterTile
{
    /// <summary>What the row offsets count from.</summary>
    public float* A;

    /// <summary>MR offsets in floats, one a row of the tile.</summary>
    public nint* RowOffsets;

    /// <summary>The packed panel [Rows · Columns, NR].</summary>
    public float* B;

    /// <summary>The tile of sums [MR, NR], contiguous, 64-byte aligned.</summary>
    public float* C;

    /// <summary>Rows of pixels, at least 1.</summary>
    public nint Rows;

    /// <summary>Pixels in a row, at least 1.</summary>
    public nint Columns;

    /// <summary>Floats of A between two rows of pixels.</summary>
    public nint RowStep;

    /// <summary>Floats of A between two pixels of a row.</summary>
    public nint ColumnStep;
}
