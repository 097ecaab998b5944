namespace CnnFast.Kernels;

/// <summary>
/// Outputs of one vector of channels: rows × tiles × the kernel's columns. An output is one chain of multiply-adds over the runs' taps in order,
/// starting from the bias (and the residual).
/// </summary>
internal unsafe struct DepthwiseTile
{
    /// <summary>The table of source rows, at the first entry of the first output row.</summary>
    public float** SourceRows;

    /// <summary>Table entries between two output rows.</summary>
    public nint SourceRowStep;

    /// <summary>Floats from the start of a source row to what the runs' offsets count from.</summary>
    public nint SourceOffset;

    /// <summary>Floats of the source between two output columns.</summary>
    public nint ColumnStep;

    /// <summary>Floats of the source between two pixels.</summary>
    public nint PixelStep;

    /// <summary>The runs.</summary>
    public DepthwiseRun* Runs;

    /// <summary>The number of runs; none gives the bias.</summary>
    public nint RunCount;

    /// <summary>One vector a tap, in the order of the runs.</summary>
    public float* Weights;

    /// <summary>One vector of biases.</summary>
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

    /// <summary>Tiles in a row, at least 1.</summary>
    public nint Tiles;

    /// <summary>Channels to store, at most a vector's lanes.</summary>
    public nint Channels;

    /// <summary>Whether whole vectors are stored past the caches; the outputs are then at multiples of 64 bytes.</summary>
    public bool Streams;
}
