using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The rows of models as lines of fixed columns: on the console and in the result files.</summary>
internal static class ModelText
{
    private const int NameWidth = 14;

    /// <summary>What the figures are.</summary>
    public static string Legend =>
        "Times are µs a run: best / median / 99th percentile (p99/median). ratio: the time of ONNX Runtime, default or tuned, " +
        "whichever is faster, by ours, best / median. |Δ|: the largest difference of outputs by the largest output. " +
        "first second: the median run of CnnFast / of ONNX Runtime by default in the second after the first run of a new process.";

    /// <summary>The heading of the columns.</summary>
    public static string Heading =>
        $"{"model",-NameWidth}{"cnnfast",36} {"onnxruntime default",36} {"onnxruntime tuned",36} {"ratio",11} {"bytes",6} {"|Δ|",8}  " +
        "targets; tuned how; first second";

    public static string Line(ModelRow row, IEnumerable<ModelVerdict> verdicts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Model,-NameWidth}{Times(row.Ours),36} {Times(row.Peers[0]),36} {Times(row.Peers[1]),36} " +
            $"{$"{row.RatioBest:0.00}/{row.RatioMedian:0.00}",11} {row.AllocatedBytes,6:0.#} " +
            $"{(row.Wrong is null ? row.Difference.ToString("0.0e+0", CultureInfo.InvariantCulture) : "wrong"),8}  {Join(verdicts)}; " +
            $"{row.Peers[1].Variant}{First(row.First)}{(row.IsSteady ? "" : "; still compiling")}");

    public static string Line(ModelNote note) => $"{note.Key,-NameWidth} {note.Text}; {Join(note.Verdict is null ? [] : [note.Verdict])}";

    /// <summary>The model at the start of a line.</summary>
    public static string Key(string line) => line.Split(' ', 2)[0];

    private static string Times(ModelTime time) => string.Create(CultureInfo.InvariantCulture,
        $"{Microseconds(time.Best, time.Best, time.Median, time.Percentile99)} ({time.Spread:0.00})");

    private static string First(FirstSecond? first) =>
        first is null ? "" : $"; {Microseconds(Math.Min(first.Ours, first.Peer), first.Ours, first.Peer)} in the first second";

    private static string Microseconds(double least, params IEnumerable<double> seconds)
    {
        string format = least < 10e-6 ? "0.000" : least < 1e-3 ? "0.0" : "0";
        return string.Join('/', seconds.Select(s => double.IsNaN(s) ? "-" : (s * 1e6).ToString(format, CultureInfo.InvariantCulture)));
    }

    private static string Join(IEnumerable<ModelVerdict> verdicts) => verdicts.Any() ? string.Join(", ", verdicts) : "no target";
}
