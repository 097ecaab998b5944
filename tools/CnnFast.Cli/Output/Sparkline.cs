namespace CnnFast.Cli;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>The curve: a bar a value, or the mean of a few where there are more values than columns.</summary>
    /// <param name="values">The values; one that is no finite number is an exclamation mark.</param>
    /// <param name="width">The most characters.</param>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        int columns = Math.Min(width, values.Count);
        double[] means = [.. Enumerable.Range(0, columns).Select(column =>
        {
            int from = (int)((long)values.Count * column / columns), to = (int)((long)values.Count * (column + 1) / columns);
            return values.Skip(from).Take(to - from).Average();
        })];
        double[] finite = [.. means.Where(double.IsFinite)];
        double low = finite.DefaultIfEmpty().Min(), high = finite.DefaultIfEmpty().Max();
        return string.Concat(means.Select(mean => !double.IsFinite(mean)
            ? '!'
            : Bars[high > low ? (int)Math.Round((mean - low) / (high - low) * (Bars.Length - 1)) : 0]));
    }
}
