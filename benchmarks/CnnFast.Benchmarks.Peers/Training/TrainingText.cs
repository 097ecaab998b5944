using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The rows of training as lines of fixed columns.</summary>
internal static class TrainingText
{
    private const int NameWidth = 16;

    /// <summary>What the figures are.</summary>
    public static string Legend =>
        "Times are ms a step (forward, loss, backward, optimizer): best / median. ratio: libtorch's time, NCHW or channels last, " +
        "whichever is faster, by ours. bytes: what a step of ours allocates. MB: how far the first steps raise the memory of a " +
        "process of their own, weights and inputs included. |Δ|: the largest difference of the first losses by the loss; - where dropout " +
        "is random.";

    /// <summary>The heading of the columns.</summary>
    public static string Heading =>
        $"{"model",-NameWidth}{"batch",5} {"optimizer",9} {"cnnfast",17} {"libtorch",17} {"ratio",11} {"bytes",6} {"MB cnnfast",10} " +
        $"{"libtorch",8} {"|Δ|",8}  libtorch how";

    public static string Line(TrainingRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Training.Name,-NameWidth}{row.Batch,5} {row.Training.OptimizerName,9} {Times(row.Ours),17} {Times(row.Peer),17} " +
            $"{(row.Peer is null ? "-" : Text($"{row.RatioBest:0.00}/{row.RatioMedian:0.00}")),11} {row.AllocatedBytes,6:0.#} " +
            $"{Number(row.OursMegabytes, "0"),10} {Number(row.PeerMegabytes, "0"),8} " +
            $"{(row.Losses.Wrong is null ? Number(row.Losses.Difference, "0.0e+0") : "wrong"),8}  {row.Peer?.Variant ?? "-"}");

    private static string Times(ModelTime? time)
    {
        if (time is null)
            return "-";
        string format = time.Best < 10e-3 ? "0.000" : "0.0";
        return $"{Number(time.Best * 1e3, format)}/{Number(time.Median * 1e3, format)}";
    }

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
