using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The rows of models for programs: times in microseconds.</summary>
internal static class ModelJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write(string path, int threads, IEnumerable<ModelRow> rows, IEnumerable<ModelNote> notes,
        IReadOnlyList<ModelVerdict> verdicts)
    {
        var report = new
        {
            Cpu = CpuInfo.Description,
            Isa = CpuInfo.Isa.ToString(),
            Threads = threads,
            Rows = rows.Select(row => new
            {
                row.Model,
                row.Batch,
                row.RatioBest,
                row.RatioMedian,
                row.AllocatedBytes,
                row.Difference,
                row.Wrong,
                row.IsSteady,
                FirstSecondUs = row.First?.Ours * 1e6,
                PeerFirstSecondUs = row.First?.Peer * 1e6,
                Engines = row.Peers.Prepend(row.Ours).Select(time => new
                {
                    Name = time.Engine,
                    time.Variant,
                    BestUs = time.Best * 1e6,
                    MedianUs = time.Median * 1e6,
                    P99Us = time.Percentile99 * 1e6,
                    time.Spread,
                }),
                Targets = verdicts.Where(v => v.Model == row.Model).Select(Describe),
            }),
            Notes = notes.Select(note => new { note.Key, note.Figures, Target = note.Verdict is null ? null : Describe(note.Verdict) }),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, s_options) + "\n");
    }

    private static object Describe(ModelVerdict verdict) => new { Measure = verdict.Measure.ToString(), verdict.Bound, verdict.Reached };
}
