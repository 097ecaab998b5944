namespace CnnFast.Kernels;

/// <summary>
/// One register tile of a sum of outer products over pixels: C[i, j] = (Adds ? C[i, j] : 0) + Σ over pixels (r, c) of
/// A[RowOffsets[i] + APixelRows[r] + c·AStep] · B[BPixelRows[r] + c·BStep + j]. The sum starts from zero and meets C at the end.
/// Both operands are read where they lie, packed or not.
/// </summary>
internal unsafe struct GemmOuterTile
{
    /// <summary>What the row offsets count from.</summary>
    public float* A;

    /// <summary>MR offsets in floats, one a row of the tile.</summary>
    public nint* RowOffsets;

    /// <summary>One offset in floats of A for each row of pixels.</summary>
    public nint* APixelRows;

    /// <summary>Floats of A between two pixels of a row.</summary>
    public nint AStep;

    /// <summary>The first vector of the first pixel.</summary>
    public float* B;

    /// <summary>Floats of B from the first vector to the second, in tiles that have two.</summary>
    public nint SecondVector;

    /// <summary>One offset in floats of B for each row of pixels.</summary>
    public nint* BPixelRows;

    /// <summary>Floats of B between two pixels of a row.</summary>
    public nint BStep;

    /// <summary>What the output offsets count from.</summary>
    public float* C;

    /// <summary>MR offsets in floats, where the NR sums of each row lie.</summary>
    public nint* OutputOffsets;

    /// <summary>Whether the sums are added to C; else they overwrite it.</summary>
    public bool Adds;

    /// <summary>Memory that the next tiles will read: each pixel asks for one more line of it. Any address will do.</summary>
    public float* Ahead;

    /// <summary>Rows of pixels, at least 1.</summary>
    public nint Rows;

    /// <summary>Pixels in a row, at least 1.</summary>
    public nint Columns;
}
