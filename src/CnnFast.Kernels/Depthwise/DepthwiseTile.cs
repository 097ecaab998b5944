namespace CnnFast.Kernels;

/// <summary>
/// Outputs of some vectors of channels: rows × vectors × tiles × the kernel's columns. An output is one chain of multiply-adds over the
/// runs' taps in order, starting from the bias (and the residual).
/// </summary>
internal unsafe struct DepthwiseTile
{
    /// <summary>The table of source rows, at the first entry of the first output row; null where all of a row is padding.</summary>
    public float** SourceRows;

    /// <summary>Table entries between two output rows.</summary>
    public nint SourceRowStep;

    /// <summary>Floats from the start of a source row to what the runs' offsets count from.</summary>
    public nint SourceOffset;

    /// <summary>The source column of the first output that the runs' columns count from.</summary>
    public nint SourceColumn;

    /// <summary>Columns of the source.</summary>
    public nint SourceColumns;

    /// <summary>Source columns between two output columns.</summary>
    public nint Stride;

    /// <summary>Floats of the source between two output columns.</summary>
    public nint ColumnStep;

    /// <summary>Floats of the source between two pixels.</summary>
    public nint PixelStep;

    /// <summary>The runs.</summary>
    public DepthwiseRun* Runs;

    /// <summary>The number of runs; none gives the bias.</summary>
    public nint RunCount;

    /// <summary>One vector a tap, in the order of the runs, for the first vector of channels.</summary>
    public float* Weights;

    /// <summary>Floats of the filter between two vectors of channels.</summary>
    public nint PanelStep;

    /// <summary>The biases of the channels.</summary>
    public float* Bias;

    /// <summary>What is added to the bias, laid out as the destination, or null.</summary>
    public float* Residual;

    /// <summary>The first output.</summary>
    public float* Destination;

    /// <summary>Floats between two output rows.</summary>
    public nint DestinationRowStep;

    /// <summary>Floats between two output columns.</summary>
    public nint DestinationColumnStep;

    /// <summary>Output rows, at least 1.</summary>
    public nint Rows;

    /// <summary>Vectors of channels, at least 1; they take turns in each row.</summary>
    public nint Panels;

    /// <summary>Tiles in a row, at least 1.</summary>
    public nint Tiles;

    /// <summary>Channels of a vector to read and store: all lanes, or fewer of a single vector.</summary>
    public nint Channels;

    /// <summary>Memory to ask for before the work begins; an address that is not mapped does no harm.</summary>
    public float* Ahead;

    /// <summary>Floats of it.</summary>
    public nint AheadCount;

    /// <summary>Whether whole vectors are stored past the caches; the outputs are then at multiples of 64 bytes.</summary>
    public bool Streams;
}
