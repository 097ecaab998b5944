namespace CnnFast.Kernels;

/// <summary>
/// The filter gradient of up to 3 rows × 3 columns of taps for one vector of channels: for each tap, the sum over rows and columns of
/// outputs of source · gradient, in that order from zero, added to <see cref="Sums"/>. Taps that read padding are left out.
/// </summary>
internal unsafe struct DepthwiseFilterTile
{
    /// <summary>
    /// The table of source rows, at the tile's first row of taps for the first row of outputs; the rows of taps follow one another.
    /// </summary>
    public float** SourceRows;

    /// <summary>Table entries between two rows of outputs.</summary>
    public nint SourceRowStep;

    /// <summary>Floats from the start of a source row to the channels of its column 0.</summary>
    public nint SourceOffset;

    /// <summary>The source column that the tile's first tap reads for output column 0; negative on padding.</summary>
    public nint SourceColumn;

    /// <summary>Columns of the source.</summary>
    public nint SourceColumns;

    /// <summary>Floats between two columns of the source.</summary>
    public nint Pixel;

    /// <summary>Source columns between two outputs.</summary>
    public nint Stride;

    /// <summary>Source columns between two taps.</summary>
    public nint Dilation;

    /// <summary>The gradient of the output at the first row and column.</summary>
    public float* Gradient;

    /// <summary>Floats between two rows of the gradient.</summary>
    public nint GradientRowStep;

    /// <summary>Floats between two columns of the gradient.</summary>
    public nint GradientColumnStep;

    /// <summary>Rows of outputs.</summary>
    public nint Rows;

    /// <summary>Columns of outputs.</summary>
    public nint Columns;

    /// <summary>The first column whose taps all read the source.</summary>
    public nint InsideFirst;

    /// <summary>The end of the columns whose taps all read the source.</summary>
    public nint InsideEnd;

    /// <summary>One vector a tap.</summary>
    public float* Sums;

    /// <summary>Floats of the sums between two rows of taps.</summary>
    public nint SumRowStep;

    /// <summary>One vector to add the sum of the gradient to, or null.</summary>
    public float* BiasSums;

    /// <summary>Channels to read, at most a vector's lanes.</summary>
    public nint Channels;
}
