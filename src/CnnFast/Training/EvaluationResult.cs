namespace CnnFast.Training;

/// <summary>How a model does on a data set.</summary>
/// <param name="Loss">Mean loss of the samples: of a classifier the cross-entropy in nats, unless another loss was named; of several losses
/// their weighted sum.</param>
/// <param name="Accuracy">Part of the samples that was classified right, 0 to 1, the first of equal outputs counting, of those that the
/// loss does not leave out (NaN where it leaves out all); null where the targets are no labels.</param>
/// <param name="Count">Samples.</param>
public sealed record EvaluationResult(double Loss, double? Accuracy, int Count)
{
    /// <summary>
    /// Labels against predictions of the first output; null where its targets are no labels, and of epochs that were read from a
    /// checkpoint.
    /// </summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>The metrics that were asked for and apply, by name; where a model has several losses, as <c>OUTPUT.NAME</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The mean of each loss, in their order, without the weights of their terms.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>Whether another result has the same figures.</summary>
    /// <param name="other">The other result.</param>
    /// <returns>Whether all numbers are equal.</returns>
    public bool Equals(EvaluationResult? other) => other is not null && Loss.Equals(other.Loss) && Accuracy == other.Accuracy
        && Count == other.Count && Losses.SequenceEqual(other.Losses) && Metrics.SequenceEqual(other.Metrics);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Loss, Accuracy, Count);
}
