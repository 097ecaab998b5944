using System.Globalization;
using System.Text.Json;

namespace CnnFast.Cli;

/// <summary>What <c>cnnfast bench</c> says of one model.</summary>
internal sealed record BenchResult(Model Model, InferenceSession Session, int Batch, double StartMs, RunTimes Times)
{
    /// <summary>The nodes, where they are shown.</summary>
    public NodeTimes? Nodes { get; init; }

    /// <summary>The run as a file would keep it.</summary>
    public required BenchBaseline Now { get; init; }

    /// <summary>The run to compare with.</summary>
    public BenchBaseline? Before { get; init; }

    /// <summary>The file of that run.</summary>
    public string BeforeName { get; init; } = "";

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
        if (Before is not null)
            WriteComparison(writer, Before);
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
        if (Before is not null)
            WriteComparison(host, Before);
        Nodes?.Write(host);
    }

    private static void WriteVerdict(Utf8JsonWriter writer, NoiseVerdict? verdict)
    {
        writer.WriteString("verdict", verdict?.Word ?? "other processor");
        if (verdict is null)
            return;
        writer.WriteNumber("low", verdict.Low);
        writer.WriteNumber("high", verdict.High);
        writer.WriteNumber("leastDifference", verdict.LeastDifference);
    }

    private void WriteComparison(Utf8JsonWriter writer, BenchBaseline before)
    {
        writer.WriteStartObject("baseline");
        WriteVerdict(writer, before.Judge(Now));
        writer.WriteString("model", before.Model);
        writer.WriteString("cpu", before.Cpu);
        writer.WriteString("isa", before.Isa);
        writer.WriteNumber("medianUs", before.MedianUs);
        writer.WriteNumber("ratioOfMedians", Now.MedianUs / before.MedianUs);
        writer.WriteNumber("ratioOfPeaks", Now.PeakGflopsPerCore / before.PeakGflopsPerCore);
        writer.WriteEndObject();
    }

    private void WriteComparison(CommandHost host, BenchBaseline before)
    {
        double peaks = Now.PeakGflopsPerCore / before.PeakGflopsPerCore;
        host.Output.WriteLine();
        TextTable table = new TextTable(host).Name("").Name("model").Number("min µs").Number("median µs").Number("peak GFLOP/s");
        foreach ((string name, BenchBaseline run) in ((string, BenchBaseline)[])[("baseline", before), ("now", Now)])
        {
            table.Row(name, run.Model, Number(run.RoundsUs.Min(), "N1"), Number(run.MedianUs, "N1"),
                Number(run.PeakGflopsPerCore, "N1"));
        }

        table.Row("now / then", "", Number(Now.RoundsUs.Min() / before.RoundsUs.Min(), "0.000"),
            Number(Now.MedianUs / before.MedianUs, "0.000"), Number(peaks, "0.000"));
        table.Write();
        host.Output.WriteLine(InspectCommand.Printable(before.Judge(Now) is { } verdict
            ? verdict.Sentence($"'{BeforeName}' ({before.Model})", $"This run ({Now.Model})")
            : $"'{BeforeName}' was measured on {before.Cpu} ({before.Isa}), and this is {Now.Cpu} ({Now.Isa}): no verdict."));
        if (!before.IsOther(Now) && Math.Abs(1 - peaks) > NoiseVerdict.OfTwoProcesses)
        {
            host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"The processor's own peak is {peaks:0.00} of the baseline's; a difference up to that is not counted."));
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
