namespace CnnFast.Training;

/// <summary>What the losses of some values add up to.</summary>
/// <param name="Sum">
/// The weighted sum of the losses; where <see cref="ILoss.Reduction"/> is <see cref="LossReduction.Sum"/>, the loss of the batch: over all
/// values of all samples.
/// </param>
/// <param name="Weight">
/// What their mean divides by: the number of what was added (samples, pixels or values), or the sum of their weights where some count more
/// than others; 0 where nothing counts.
/// </param>
public readonly record struct LossSum(double Sum, double Weight)
{
    /// <summary>The mean: <see cref="Sum"/> / <see cref="Weight"/>, and 0 where the weight is 0.</summary>
    public double Mean => Weight == 0 ? 0 : Sum / Weight;

    /// <summary>The loss of these samples.</summary>
    /// <param name="reduction">Mean or sum.</param>
    /// <returns>The number.</returns>
    public double Reduce(LossReduction reduction) => reduction == LossReduction.Sum ? Sum : Mean;

    /// <summary>The losses of these samples and of others.</summary>
    /// <param name="other">The others.</param>
    /// <returns>Both sums.</returns>
    public LossSum Add(LossSum other) => new(Sum + other.Sum, Weight + other.Weight);
}
