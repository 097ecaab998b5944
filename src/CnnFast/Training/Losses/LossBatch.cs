namespace CnnFast.Training;

/// <summary>What a loss sees of a batch.</summary>
public readonly ref struct LossBatch
{
    /// <summary>Samples.</summary>
    public required int Count { get; init; }

    /// <summary>What the model computed, <c>[Count, …]</c>: the value that <see cref="ILoss.Input"/> names.</summary>
    public required ReadOnlySpan<float> Outputs { get; init; }

    /// <summary>The shape of the outputs of one sample.</summary>
    public required Shape SampleShape { get; init; }

    /// <summary>The targets where they are labels; else empty.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>The targets where they are numbers; else empty.</summary>
    public ReadOnlySpan<float> Values { get; init; }

    /// <summary>How much each sample counts, <c>[Count]</c>, at least 0; empty where all count 1.</summary>
    public ReadOnlySpan<float> SampleWeights { get; init; }

    /// <summary>
    /// Receives the gradient by <see cref="Outputs"/>: that of the loss of the batch (<see cref="ILoss.Reduction"/>) times
    /// <see cref="GradientScale"/>, every element; empty where it is not wanted.
    /// </summary>
    public Span<float> Gradient { get; init; }

    /// <summary>The factor of the gradient: 1 unless the loss is one of several that are added.</summary>
    public required float GradientScale { get; init; }

    /// <summary>Values of one sample.</summary>
    public int SampleLength => Outputs.Length / Count;

    /// <summary>The sum of the samples' weights: <see cref="Count"/> where all count 1.</summary>
    public double TotalWeight
    {
        get
        {
            if (SampleWeights.IsEmpty)
                return Count;
            double sum = 0;
            foreach (float weight in SampleWeights)
                sum += weight;
            return sum;
        }
    }

    /// <summary>The last dimension of a sample.</summary>
    internal int Classes => SampleShape[SampleShape.Rank - 1];

    internal IWorkScheduler Scheduler { get => field ?? SerialScheduler.Instance; init; }

    /// <summary>How much a sample counts.</summary>
    /// <param name="sample">Which sample, from 0.</param>
    /// <returns>The weight; 1 where there are none.</returns>
    public float WeightOf(int sample) => SampleWeights.IsEmpty ? 1 : SampleWeights[sample];

    /// <summary>The factor of the gradient of the batch's loss when it is a sum, or that divided by a weight.</summary>
    internal float ScaleOf(LossReduction reduction, double weight) =>
        reduction == LossReduction.Sum ? GradientScale : weight == 0 ? 0 : (float)(GradientScale / weight);
}
