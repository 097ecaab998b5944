namespace CnnFast.Kernels;

/// <summary>One tile of products to transform back: Points² points to as many outputs as lie in the image.</summary>
internal unsafe struct WinogradOutput
{
    /// <summary>The tile's row of the first point, whole vectors.</summary>
    public float* Points;

    /// <summary>Floats from a point to the next.</summary>
    public nint PointStep;

    /// <summary>One bias a channel, whole vectors.</summary>
    public float* Bias;

    /// <summary>Added before the activation, laid out as the destination; or null.</summary>
    public float* Residual;

    /// <summary>The tile's first output.</summary>
    public float* Destination;

    /// <summary>Floats between two rows of the destination.</summary>
    public nint RowStep;

    /// <summary>Floats between two outputs of a row.</summary>
    public nint ColumnStep;

    /// <summary>Rows that lie in the image, at least 1.</summary>
    public nint Rows;

    /// <summary>Columns that lie in the image, at least 1.</summary>
    public nint Columns;

    /// <summary>Channels of an output, which follow one another.</summary>
    public nint Channels;

    /// <summary>Scratch: twice Points² vectors.</summary>
    public float* Scratch;
}
