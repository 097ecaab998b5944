using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The rows as lines of fixed columns: on the console and in the result files.</summary>
/// <param name="peers">The names of the peers, in the order of the columns.</param>
/// <param name="scaling">Whether there is a column for the gain over one thread.</param>
internal sealed class RowText(IReadOnlyList<string> peers, bool scaling)
{
    private const int NameWidth = 24;
    private const int PassWidth = 16;

    /// <summary>The heading of the columns.</summary>
    public string Heading => $"{"shape",-NameWidth}{"pass",-PassWidth}{"ours GFLOP/s",14} {"% of peak",9} " +
        $"{string.Concat(peers.Select(p => $" {p,13}"))} {"ratio",11} {"direct",11} {"target",7}{(scaling ? " over 1 thread" : "")}  how";

    /// <summary>What the figures are.</summary>
    public static string Legend =>
        "Two figures are of the best / the median of the runs. Percent is of the FMA peak in the same run; " +
        "Winograd and what skips padding may pass 100, all being counted in direct multiply-adds. ratio: the best peer's time by ours; " +
        "direct: without the peers' Winograd.";

    public string Line(PeerRow row, Target? target)
    {
        string wanted = target is null ? "-"
            : target.Kind == TargetKind.Peers ? target.Least.ToString("0.##", CultureInfo.InvariantCulture)
            : "near";
        string gain = !scaling ? "" : $" {Ratio(row.GainBest, row.GainMedian),13}";
        string columns = string.Concat(peers.Select(name =>
            $" {(row.Peers.FirstOrDefault(p => p.Engine == name) is { } time ? Speed(row, time) : "-"),13}"));
        string how = string.Join("; ", row.Peers.Select(p => $"{p.Engine} {p.Variant}").Prepend(row.Ours.Variant));
        return $"{row.Shape,-NameWidth}{row.Pass.Name(),-PassWidth}{Speed(row, row.Ours),14} " +
            $"{Pair(row.PercentBest, row.PercentMedian, "0"),9} {columns} {Ratio(row.RatioBest, row.RatioMedian),11} " +
            $"{Ratio(row.DirectBest, row.DirectMedian),11} {wanted,7}{gain}  {how}";
    }

    /// <summary>The shape and the pass at the start of a line.</summary>
    public static string Key(string line) => string.Join(' ', line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries).Take(2));

    private static string Speed(PeerRow row, EngineTime time) =>
        time.Wrong is null ? Pair(row.Operations / time.BestSeconds * 1e-9, row.Operations / time.MedianSeconds * 1e-9, "0.0") : "wrong";

    private static string Ratio(double best, double median) => double.IsNaN(best) ? "-" : Pair(best, median, "0.00");

    private static string Pair(double best, double median, string format) =>
        best.ToString(format, CultureInfo.InvariantCulture) + "/" + median.ToString(format, CultureInfo.InvariantCulture);
}
