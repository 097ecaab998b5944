namespace CnnFast.Training;

/// <summary>What a metric sees of a batch.</summary>
public readonly ref struct MetricBatch
{
    /// <summary>Samples.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// What the model computed, <c>[Count, …]</c>: the value that the loss reads, which is the logits where <see cref="ILoss.Input"/>
    /// says so.
    /// </summary>
    public required ReadOnlySpan<float> Outputs { get; init; }

    /// <summary>The targets where they are labels; else empty.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The targets where they are numbers; else empty.</summary>
    public ReadOnlySpan<float> Values { get; init; }

    /// <summary>How much each sample counts in the loss, <c>[Count]</c>; empty where all count 1.</summary>
    public ReadOnlySpan<float> SampleWeights { get; init; }

    /// <summary>
    /// The label that the loss leaves out, where it leaves one out. Labels below 0 are left out in any case.
    /// </summary>
    public int? IgnoredLabel { get; init; }

    /// <summary>Values of one sample.</summary>
    public int SampleLength => Outputs.Length / Count;
}
