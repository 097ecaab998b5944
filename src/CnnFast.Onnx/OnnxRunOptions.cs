namespace CnnFast.Onnx;

/// <summary>What a run of an <see cref="OnnxModel"/> computes, and how.</summary>
public sealed record OnnxRunOptions
{
    /// <summary>
    /// The names of the values to compute: outputs of the model, or what any of its nodes gives; null, the
    /// default, for the model's outputs.
    /// </summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>
    /// The most threads of the run, the caller's included: 1 unless given; 0 for <c>CNNFAST_NUM_THREADS</c> or all processors. The result
    /// is the same bits for every value.
    /// </summary>
    public int MaxThreads { get; init; } = 1;

    /// <summary>How convolutions are computed; the default takes the fastest for each shape.</summary>
    public ConvAlgorithm ConvAlgorithm { get; init; }

    internal void Validate()
    {
        if (MaxThreads < 0)
            throw new ArgumentOutOfRangeException("options", $"OnnxModel.Run: MaxThreads is {MaxThreads}; expected at least 0.");
        if (!Enum.IsDefined(ConvAlgorithm))
            throw new ArgumentOutOfRangeException("options", $"OnnxModel.Run: ConvAlgorithm is {(int)ConvAlgorithm}; " +
                $"expected one of {string.Join(", ", Enum.GetNames<ConvAlgorithm>())}.");
    }
}
