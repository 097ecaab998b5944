using System.Globalization;
using System.Text.Json;

namespace CnnFast.Cli;

/// <summary>A run of <c>cnnfast bench</c> beside an earlier one.</summary>
/// <param name="Name">The file of the earlier run.</param>
/// <param name="Before">The earlier run.</param>
/// <param name="Now">This run.</param>
internal sealed record BaselineComparison(string Name, BenchBaseline Before, BenchBaseline Now)
{
    /// <summary>Writes a member of the object that is open.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("baseline");
        WriteVerdict(writer, Before.Judge(Now));
        writer.WriteString("model", Before.Model);
        writer.WriteString("cpu", Before.Cpu);
        writer.WriteString("isa", Before.Isa);
        writer.WriteNumber("medianUs", Before.MedianUs);
        writer.WriteNumber("ratioOfMedians", Now.MedianUs / Before.MedianUs);
        writer.WriteNumber("ratioOfPeaks", Now.PeakGflopsPerCore / Before.PeakGflopsPerCore);
        writer.WriteEndObject();
    }

    /// <summary>Writes a table and the verdict.</summary>
    public void WriteText(CommandHost host)
    {
        double peaks = Now.PeakGflopsPerCore / Before.PeakGflopsPerCore;
        host.Output.WriteLine();
        TextTable table = new TextTable(host).Name("").Name("model").Number("min µs").Number("median µs").Number("peak GFLOP/s");
        foreach ((string name, BenchBaseline run) in ((string, BenchBaseline)[])[("baseline", Before), ("now", Now)])
        {
            table.Row(name, run.Model, Number(run.RoundsUs.Min(), "N1"), Number(run.MedianUs, "N1"),
                Number(run.PeakGflopsPerCore, "N1"));
        }

        table.Row("now / then", "", Number(Now.RoundsUs.Min() / Before.RoundsUs.Min(), "0.000"),
            Number(Now.MedianUs / Before.MedianUs, "0.000"), Number(peaks, "0.000"));
        table.Write();
        host.Output.WriteLine(InspectCommand.Printable(Before.Judge(Now) is { } verdict
            ? verdict.Sentence($"'{Name}' ({Before.Model})", $"This run ({Now.Model})")
            : $"'{Name}' was measured on {Before.Cpu} ({Before.Isa}), and this is {Now.Cpu} ({Now.Isa}): no verdict."));
        if (!Before.IsOther(Now) && Math.Abs(1 - peaks) > NoiseVerdict.OfTwoProcesses)
        {
            host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"The processor's own peak is {peaks:0.00} of the baseline's; a difference up to that is not counted."));
        }
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

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
