using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The losses of the first steps of two engines that start from the same weights.</summary>
/// <param name="Difference">The largest difference by the loss; NaN where they were not compared.</param>
/// <param name="Wrong">What is wrong, or null.</param>
internal sealed record LossComparison(double Difference, string? Wrong)
{
    // Roundings of a step move the weights, and with them the next loss: most where a batch of few pixels is normalised.
    private const double Tolerance = 1e-3;

    /// <summary>Nothing to compare with, or random numbers that differ.</summary>
    public static LossComparison None { get; } = new(double.NaN, null);

    public static LossComparison Of(string model, IReadOnlyList<double> ours, IReadOnlyList<double> peer)
    {
        double worst = ours.Zip(peer, (a, b) => Math.Abs(a - b) / Math.Max(Math.Abs(b), 1e-3)).Max();
        return new LossComparison(worst,
            worst <= Tolerance ? null : $"{model}: the first losses are {Text(ours)}, in libtorch {Text(peer)}");
    }

    private static string Text(IReadOnlyList<double> losses) =>
        string.Join(", ", losses.Select(loss => loss.ToString("G6", CultureInfo.InvariantCulture)));
}
