using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The rows of training for programs: times in microseconds.</summary>
internal static class TrainingJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write(string path, int threads, IEnumerable<TrainingRow> rows)
    {
        var report = new
        {
            Cpu = CpuInfo.Description,
            Isa = CpuInfo.Isa.ToString(),
            Threads = threads,
            Rows = rows.Select(row => new
            {
                Model = row.Training.Name,
                row.Batch,
                Optimizer = row.Training.OptimizerName,
                row.RatioBest,
                row.RatioMedian,
                row.AllocatedBytes,
                row.OursMegabytes,
                row.PeerMegabytes,
                LossDifference = row.Losses.Difference,
                row.Losses.Wrong,
                Engines = new[] { row.Ours, row.Peer }.OfType<ModelTime>().Select(time => new
                {
                    Name = time.Engine,
                    time.Variant,
                    BestUs = time.Best * 1e6,
                    MedianUs = time.Median * 1e6,
                }),
            }),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, s_options) + "\n");
    }
}
