using System.Globalization;

namespace CnnFast.Cli;

/// <summary>What <c>cnnfast bench</c> says of one model.</summary>
internal sealed record BenchResult(Model Model, InferenceSession Session, int Batch, double StartMs, RunTimes Times)
{
    /// <summary>The nodes, where they are shown.</summary>
    public NodeTimes? Nodes { get; init; }

    /// <summary>This run beside an earlier one, where one was given.</summary>
    public BaselineComparison? Comparison { get; init; }

    private double SamplesPerSecond => Batch * 1e6 / Times.MeanUs;

    private double Gflops => 2e-9 * Model.MultiplyAdds * SamplesPerSecond * Session.MaxBatch / Batch;

    /// <summary>Writes an object.</summary>
    public void WriteJson(TextWriter output) => JsonOutput.Write(output, writer =>
    {
        writer.WriteNumber("startMs", Math.Round(StartMs, 3));
        writer.WriteNumber("minUs", Times.MinUs);
        writer.WriteNumber("p50Us", Times.P50Us);
        writer.WriteNumber("p99Us", Times.P99Us);
        writer.WriteNumber("meanUs", Times.MeanUs);
        writer.WriteNumber("allocatedBytesPerRun", Times.AllocatedBytesPerRun);
        writer.WriteNumber("workspaceBytes", Session.WorkspaceBytes);
        writer.WriteNumber("weightBytes", Session.WeightBytes);
        writer.WriteNumber("threads", Session.MaxThreads);
        writer.WriteNumber("batch", Batch);
        writer.WriteNumber("runs", Times.Runs);
        writer.WriteNumber("samplesPerSecond", Math.Round(SamplesPerSecond, 1));
        writer.WriteNumber("gflops", Math.Round(Gflops, 3));
        writer.WriteString("cpu", CpuInfo.Description);
        Comparison?.WriteJson(writer);
        Nodes?.WriteJson(writer);
    });

    /// <summary>Writes tables.</summary>
    public void WriteText(CommandHost host)
    {
        host.Output.WriteLine($"{Model} on {CpuInfo.Description}");
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Batch {Batch}, {Session.MaxThreads} {(Session.MaxThreads == 1 ? "thread" : "threads")}, {Times.Runs:N0} runs; " +
                $"ready in {StartMs:N1} ms, from the file to a warm session"));
        TextTable speed = new TextTable(host);
        foreach (string title in (ReadOnlySpan<string>)["min µs", "p50 µs", "p99 µs", "mean µs", "samples/s", "GFLOP/s"])
            speed.Number(title);
        speed.Row(Number(Times.MinUs, "N1"), Number(Times.P50Us, "N1"), Number(Times.P99Us, "N1"), Number(Times.MeanUs, "N1"),
            Number(SamplesPerSecond, "N0"), Number(Gflops, "N2"));
        speed.Write();
        host.Output.WriteLine();
        TextTable memory = new TextTable(host).Number("allocated B/run").Number("workspace B").Number("weights B");
        memory.Row(Number(Times.AllocatedBytesPerRun, "0.##"), Number(Session.WorkspaceBytes, "N0"), Number(Session.WeightBytes, "N0"));
        memory.Write();
        Comparison?.WriteText(host);
        Nodes?.Write(host);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
