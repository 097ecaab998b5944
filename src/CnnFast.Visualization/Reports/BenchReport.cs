using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CnnFast.Visualization;

/// <summary>
/// Where the time and the memory of a model go, as one HTML file that needs nothing beside itself: every node beside the roofline of the
/// processor, measured in the same process, the kernels that were chosen, the arena of activations over the steps. Immutable.
/// </summary>
public sealed class BenchReport
{
    private const int ProfileRuns = 100;

    private readonly PlanInfo _plan;
    private readonly BenchReportOptions _options;
    private readonly Roof _roof;

    /// <summary>Puts measured nodes beside the roofline, which is measured now, for some tenths of a second.</summary>
    /// <param name="plan">How the session runs the model (<see cref="InferenceSession.DescribePlan()"/>).</param>
    /// <param name="nodes">The nodes (<see cref="InferenceSession.Profile(ReadOnlySpan{float}, Span{float}, int)"/>).</param>
    /// <param name="options">What the page says.</param>
    /// <exception cref="ArgumentOutOfRangeException">Threads or Batch is below 1.</exception>
    public BenchReport(PlanInfo plan, IReadOnlyList<NodeProfile> nodes, BenchReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(nodes);
        _options = options ?? new BenchReportOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Batch, 1);
        (_plan, Nodes) = (plan, nodes);
        _roof = Roof.Measure(_options.Threads);
    }

    /// <summary>The nodes in the order in which they run.</summary>
    public IReadOnlyList<NodeProfile> Nodes { get; }

    /// <summary>The multiply-add peak of all threads, GFLOP/s.</summary>
    public double PeakGflops => _roof.PeakGflops;

    /// <summary>Runs a session on random numbers until it is warm, then times its nodes.</summary>
    /// <param name="session">The session, with inputs and outputs of floats; whole batches run.</param>
    /// <param name="options">What the page says; Threads and Batch are taken from the session.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <returns>The report.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The session takes bytes.</exception>
    /// <exception cref="OverflowException">A batch of an input or output is larger than an array can be.</exception>
    public static BenchReport Measure(InferenceSession session, BenchReportOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var random = new Random(1);
        ReadOnlyMemory<float>[] inputs = [.. session.Inputs.Select(input =>
            new ReadOnlyMemory<float>([.. Enumerable.Range(0, checked(session.MaxBatch * input.Shape.ElementCount))
                .Select(_ => random.NextSingle())]))];
        Memory<float>[] outputs = [.. session.Outputs.Select(output =>
            new Memory<float>(new float[checked(session.MaxBatch * output.Shape.ElementCount)]))];
        var times = new List<double>();
        SteadyState.Reach(() => session.Run(inputs, outputs, cancellationToken));
        for (int i = 0; i < ProfileRuns; i++)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run(inputs, outputs, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return new BenchReport(session.DescribePlan(), session.Profile(inputs, outputs, ProfileRuns),
            (options ?? new BenchReportOptions()) with
            {
                Threads = session.MaxThreads,
                Batch = session.MaxBatch,
                RunMicroseconds = times,
            });
    }

    /// <summary>The shortest time that the roofline leaves a node, in microseconds: what its multiply-adds take at the peak, or its bytes
    /// from the cache that holds them all, whichever is longer. Winograd does fewer multiply-adds than are counted and may be shorter.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <returns>Microseconds.</returns>
    public double BoundMicroseconds(NodeProfile node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _roof.Microseconds(node.MultiplyAdds, node.Bytes);
    }

    /// <summary>The page, such as for a notebook.</summary>
    /// <returns>HTML that needs nothing beside itself.</returns>
    public string ToHtml() => ReportPage.Html(Write);

    /// <summary>Writes the page; an old file is replaced in one step.</summary>
    /// <param name="path">The HTML file.</param>
    /// <exception cref="IOException">The file cannot be written; an old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path) => ReportPage.Save(path, ToHtml());

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "bench");
        json.WriteString("title", _options.Title);
        json.WriteString("state", _options.Description ?? CpuInfo.Description);
        json.WriteStartArray("summary");
        foreach ((string name, double value) in Facts())
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            ReportFigures.WriteNumber(json, ReportFigures.Short(value));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        WriteRoof(json);
        WriteNodes(json);
        WriteKernels(json);
        WriteArena(json);
        ReportFigures.WritePairs(json, "configuration", [.. _options.Configuration, .. ReportFigures.Machine(_options.Threads)]);
        json.WriteEndObject();
    }

    private IEnumerable<(string Name, double Value)> Facts()
    {
        double total = Nodes.Sum(node => node.MedianMicroseconds);
        double median = total;
        if (_options.RunMicroseconds.Count > 0)
        {
            double[] runs = [.. _options.RunMicroseconds.Order()];
            median = runs[runs.Length / 2];
            yield return ("best µs a run", runs[0]);
            yield return ("median µs a run", median);
            yield return ("p99 µs a run", runs[Math.Min(runs.Length - 1, (int)(runs.Length * 0.99))]);
        }

        yield return ("samples a second", 1e6 * _options.Batch / median);
        yield return ("GFLOP/s", 2e-3 * Nodes.Sum(node => node.MultiplyAdds) / median);
        yield return ("% of peak", 0.2 * Nodes.Sum(node => node.MultiplyAdds) / median / PeakGflops);
        yield return ("% of roofline", 100 * Nodes.Sum(BoundMicroseconds) / median);
        yield return ("sum of nodes, µs", total);
    }

    private void WriteRoof(Utf8JsonWriter json)
    {
        string levels = string.Join(", ", _roof.Levels.Select(level =>
            string.Create(CultureInfo.InvariantCulture, $"{level.Gigabytes:N0} GB/s from {level.Name}")));
        json.WriteStartObject("roof");
        json.WriteNumber("peak", ReportFigures.Short(PeakGflops));
        json.WriteString("words", string.Create(CultureInfo.InvariantCulture,
            $"Measured in the same process on {_options.Threads} {(_options.Threads == 1 ? "core" : "cores")} of {CpuInfo.Description}: " +
            $"{PeakGflops:N0} GFLOP/s ({_roof.PeakForm} multiply-adds); reading {levels}. " +
            $"A node's bound is the longer of its multiply-adds at the peak and its bytes from the level that holds them all. " +
            $"Winograd does fewer multiply-adds than are counted and may pass it."));
        json.WriteStartArray("levels");
        foreach ((string name, long _, double gigabytes) in _roof.Levels)
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            json.WriteNumberValue(ReportFigures.Short(gigabytes));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteNodes(Utf8JsonWriter json)
    {
        double total = Math.Max(Nodes.Sum(node => node.MedianMicroseconds), double.Epsilon);
        json.WriteStartArray("nodes");
        foreach (NodeProfile node in Nodes)
        {
            double bound = BoundMicroseconds(node), median = node.MedianMicroseconds;
            json.WriteStartArray();
            json.WriteStringValue(node.Name);
            json.WriteStringValue(node.Kernel ?? "");
            WriteNumbers(json, median, median / total, node.MultiplyAdds > 0 ? 2e-3 * node.MultiplyAdds / median : double.NaN, bound,
                bound / median, node.MultiplyAdds > 0 ? 2.0 * node.MultiplyAdds / Math.Max(node.Bytes, 1) : double.NaN);
            json.WriteStringValue(node.Kind);
            json.WriteStringValue(node.OutputShape.ToString());
            WriteNumbers(json, node.BestMicroseconds, 1e-3 * node.Bytes / median);
            json.WriteNumberValue(node.Bytes);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            ReportFigures.WriteNumber(json, ReportFigures.Short(value));
    }

    private void WriteKernels(Utf8JsonWriter json)
    {
        double total = Math.Max(Nodes.Sum(node => node.MedianMicroseconds), double.Epsilon);
        json.WriteStartArray("kernels");
        foreach (IGrouping<string, NodeProfile> kernel in Nodes.GroupBy(node => node.Kernel ?? "")
            .OrderByDescending(group => group.Sum(node => node.MedianMicroseconds)))
        {
            double median = kernel.Sum(node => node.MedianMicroseconds);
            long multiplyAdds = kernel.Sum(node => node.MultiplyAdds);
            json.WriteStartArray();
            json.WriteStringValue(kernel.Key.Length > 0 ? kernel.Key : "others");
            json.WriteNumberValue(kernel.Count());
            ReportFigures.WriteNumber(json, ReportFigures.Short(median));
            ReportFigures.WriteNumber(json, ReportFigures.Short(median / total));
            ReportFigures.WriteNumber(json, multiplyAdds > 0 ? ReportFigures.Short(2e-3 * multiplyAdds / median) : null);
            ReportFigures.WriteNumber(json, ReportFigures.Short(kernel.Sum(BoundMicroseconds) / median));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private void WriteArena(Utf8JsonWriter json)
    {
        json.WriteStartObject("arena");
        json.WriteNumber("bytes", _plan.ArenaBytes);
        json.WriteString("words", string.Create(CultureInfo.InvariantCulture,
            $"A run keeps its activations in {_plan.ArenaBytes:N0} bytes; no plan of these steps takes less than " +
            $"{_plan.MinArenaBytes:N0}. A box is an activation, from the step that writes it to the last that reads it; what is " +
            $"written over it or into it lies in the same box. The model's own inputs and outputs are the caller's."));
        json.WriteStartArray("steps");
        foreach (PlanStepInfo step in _plan.Steps)
            json.WriteStringValue(step.Name);
        json.WriteEndArray();
        json.WriteStartArray("blocks");
        foreach (ActivationInfo block in _plan.Activations)
        {
            json.WriteStartArray();
            json.WriteStringValue(block.Name);
            json.WriteNumberValue(block.Offset);
            json.WriteNumberValue(block.Bytes);
            json.WriteNumberValue(block.FirstStep);
            json.WriteNumberValue(block.LastStep);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
