namespace CnnFast;

/// <summary>How an <see cref="InferenceSession"/> runs.</summary>
public sealed record SessionOptions
{
    /// <summary>
    /// The most threads that one run uses, the caller's included. 1, the default, touches no other thread; 0 means
    /// <c>CNNFAST_NUM_THREADS</c> or all processors. More than the processors is as many as the processors. The result is
    /// the same bits for every value.
    /// </summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>The most samples of one run, at least 1. Memory is planned for this many.</summary>
    public int MaxBatch { get; init; } = 1;

    /// <summary>How convolutions are computed; the default takes the fastest for each shape.</summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }

    /// <summary>
    /// Where given, the session takes the bytes of images (<see cref="InferenceSession.RunBytes"/>) instead of floats, and this says what
    /// number a byte stands for. Where one convolution alone reads the image, the numbers go into its weights and the bytes are only
    /// widened; else they are looked up in a table first. Null, the default, for floats.
    /// </summary>
    public ByteInput? ByteInput { get; init; }

    /// <summary>
    /// Whether packed weights keep numbers below 2⁻¹²⁶, which some processors multiply over a hundred times slower. False, the default,
    /// puts zeros in their place: an output then changes by less than 2⁻¹²⁶ times the sum of what they would be multiplied with.
    /// </summary>
    public bool KeepDenormalWeights { get; init; }

    /// <summary>
    /// How many image sizes besides the model's own the session keeps plans for, at least 0; the least recently used one makes room. Each
    /// takes <see cref="InferenceSession.WeightBytes"/> of about the same size again. See
    /// <see cref="InferenceSession.Run(ReadOnlySpan{float}, Shape, Span{float}, CancellationToken)"/>.
    /// </summary>
    public int MaxCachedShapes { get; init; } = 4;

    /// <summary>
    /// Whether creating the session runs <see cref="MaxBatch"/> samples of zeros once, true by default: code is compiled and memory is
    /// there when the first run comes. False where creating it is to be quick, as for many large models of which few are used; the first
    /// run then takes longer and allocates.
    /// </summary>
    public bool WarmUp { get; init; } = true;
}
