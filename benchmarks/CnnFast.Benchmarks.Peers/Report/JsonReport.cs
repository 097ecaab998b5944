using System.Text.Json;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The rows for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Write(string path, int threads, IEnumerable<string> engines, IEnumerable<PeerRow> rows, TargetFile targets)
    {
        PeerRow[] all = [.. rows];
        (IReadOnlyList<Verdict> verdicts, _) = targets.Judge(all);
        var report = new
        {
            Cpu = CpuInfo.Description,
            Isa = CpuInfo.Isa.ToString(),
            Threads = threads,
            Engines = engines,
            Rows = all.Select(row => Row(row, [.. verdicts.Where(v => v.Row == row)])),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, s_options) + "\n");
    }

    private static object Row(PeerRow row, Verdict[] verdicts) => new
    {
        row.Shape,
        Pass = row.Pass.Name(),
        PeakGflops = Giga(row.PeakBest),
        PeakGflopsMedian = Giga(row.PeakMedian),
        PercentOfPeak = Math.Round(row.PercentBest, 2),
        PercentOfPeakMedian = Math.Round(row.PercentMedian, 2),
        Ratio = Finite(row.RatioBest),
        RatioMedian = Finite(row.RatioMedian),
        RatioDirect = Finite(row.DirectBest),
        RatioDirectMedian = Finite(row.DirectMedian),
        Targets = verdicts.Select(v => new
        {
            Kind = v.Target.Kind.ToString(),
            v.Target.Least,
            v.Target.Near,
            Best = Finite(v.Best),
            Median = Finite(v.Median),
            v.Reached,
        }),
        Engines = row.Peers.Prepend(row.Ours).Concat(row.OneThread is null ? [] : [row.OneThread]).Select(time => new
        {
            Name = time.Engine,
            time.Variant,
            BestUs = Math.Round(time.BestSeconds * 1e6, 3),
            MedianUs = Math.Round(time.MedianSeconds * 1e6, 3),
            Gflops = Giga(row.Operations / time.BestSeconds),
            GflopsMedian = Giga(row.Operations / time.MedianSeconds),
            time.Wrong,
        }),
    };

    private static double Giga(double value) => Math.Round(value * 1e-9, 3);

    private static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;
}
