using System.Globalization;
using System.Text.Json;

namespace CnnFast.Cli;

/// <summary>How long the nodes of a session took, beside the multiply-add peak of one core in the same run.</summary>
internal sealed record NodeTimes(IReadOnlyList<NodeProfile> Nodes, double PeakGflops, int Threads)
{
    private const double Seconds = 1;

    /// <summary>Profiles runs for about a second.</summary>
    public static NodeTimes Measure(BenchRun run, RunTimes times)
    {
        int runs = (int)Math.Clamp(Seconds * 1e6 / times.MeanUs, 3, 10_000);
        IReadOnlyList<NodeProfile> nodes = run.Profile(runs);
        return new NodeTimes(nodes, FmaPeak.MeasureGflops(), run.Session.MaxThreads);
    }

    /// <summary>Writes a table.</summary>
    public void Write(CommandHost host)
    {
        double total = Nodes.Sum(node => node.MedianMicroseconds);
        host.Output.WriteLine();
        TextTable table = new TextTable(host).Name("node").Name("computes").Name("output", rank: 1).Name("kernel", rank: 2)
            .Number("best\nµs").Number("median\nµs").Number("share\n%").Number("GFLOP\n/s").Number("% of\npeak").Number("KB");
        foreach (NodeProfile node in Nodes)
        {
            double gflops = Gflops(node);
            table.Row(
                node.Name, node.Kind, node.OutputShape.ToString(), node.Kernel ?? "",
                Text(node.BestMicroseconds, "N1"), Text(node.MedianMicroseconds, "N1"), Text(100 * node.MedianMicroseconds / total, "N1"),
                gflops > 0 ? Text(gflops, "N1") : "", gflops > 0 ? Text(Percent(node), "N0") : "", Text(node.Bytes / 1024.0, "N0"));
        }

        table.Write();
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Peak of {Threads} {(Threads == 1 ? "core" : "cores")}: {PeakGflops * Threads:N1} GFLOP/s ({FmaPeak.Name}). " +
                $"Sum of medians: {total:N1} µs."));
        host.Output.WriteLine("Winograd does fewer multiplications than are counted and may pass the peak.");
    }

    /// <summary>Writes members of the object that is open.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteNumber("peakGflops", Math.Round(PeakGflops * Threads, 1));
        json.WriteString("peakForm", FmaPeak.Name);
        json.WriteStartArray("nodes");
        foreach (NodeProfile node in Nodes)
        {
            json.WriteStartObject();
            json.WriteString("name", node.Name);
            json.WriteString("kind", node.Kind);
            json.WriteString("kernel", node.Kernel);
            json.WriteShape("outputShape", node.OutputShape);
            json.WriteNumber("bestUs", Math.Round(node.BestMicroseconds, 3));
            json.WriteNumber("medianUs", Math.Round(node.MedianMicroseconds, 3));
            json.WriteFinite("gflops", Math.Round(Gflops(node), 2));
            json.WriteFinite("percentOfPeak", Math.Round(Percent(node), 1));
            json.WriteNumber("multiplyAdds", node.MultiplyAdds);
            json.WriteNumber("bytes", node.Bytes);
            json.WriteNumber("workspaceBytes", node.WorkspaceBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static double Gflops(NodeProfile node) => node.MedianMicroseconds > 0 ? 2e-3 * node.MultiplyAdds / node.MedianMicroseconds : 0;

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private double Percent(NodeProfile node) => 100 * Gflops(node) / (PeakGflops * Threads);
}
