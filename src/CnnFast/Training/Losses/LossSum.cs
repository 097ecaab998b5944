namespace CnnFast.Training;

/// <summary>What the losses of some samples add up to.</summary>
/// <param name="Sum">The weighted sum of the losses.</param>
/// <param name="Weight">
/// What their mean divides by: the number of samples (per pixel, of pixels), or the sum of their weights where some count more than others;
/// 0 where nothing counts.
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
