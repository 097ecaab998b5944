namespace CnnFast.Training;

/// <summary>What a loss sees of a batch.</summary>
public readonly ref struct LossBatch
{
    /// <summary>Samples.</summary>
    public required int Count { get; init; }

    /// <summary>What the model computed, <c>[Count, …]</c>: the value that <see cref="ILoss.Input"/> names.</summary>
    public required ReadOnlySpan<float> Outputs { get; init; }

    /// <summary>The targets where they are labels; else empty.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The targets where they are numbers; else empty.</summary>
    public ReadOnlySpan<float> Values { get; init; }

    /// <summary>
    /// Memory as long as <see cref="Outputs"/>. A loss that reads logits writes the model's own outputs here, which it computes anyway:
    /// the softmax or the sigmoid of them.
    /// </summary>
    public required Span<float> Predictions { get; init; }

    /// <summary>
    /// Receives the gradient by <see cref="Outputs"/>: that of the sum of the losses times
    /// <see cref="GradientScale"/>; empty where it is not wanted.
    /// </summary>
    public Span<float> Gradient { get; init; }

    /// <summary>The factor of the gradient: 1 / <see cref="Count"/> for that of the mean.</summary>
    public required float GradientScale { get; init; }

    /// <summary>Values of one sample.</summary>
    public int SampleLength => Outputs.Length / Count;

    internal IWorkScheduler Scheduler { get => field ?? SerialScheduler.Instance; init; }
}
