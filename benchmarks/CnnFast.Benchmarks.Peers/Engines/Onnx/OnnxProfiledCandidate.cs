using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// For longer nodes, and for several threads: the node's time from ONNX Runtime's own profiler, whole microseconds. The first half of the
/// copies in each run is left out: they run before the other threads are awake.
/// </summary>
internal sealed class OnnxProfiledCandidate : OnnxRuntimeCandidate
{
    private const int TrialRuns = 5;

    private readonly double _trial;
    private int _runs;
    private int _forgotten;
    private bool _finished;

    public OnnxProfiledCandidate(string variant, ConvolutionData data, AlignedBuffer<float> x, AlignedBuffer<float> filter, int copies,
        OrtSessionOptions options)
        : base(variant, data, x, filter, copies, options, profile: true)
    {
        // A profile can be read only once its session has ended: a session of its own tells what to expect.
        using BoundSession trial = Session(copies);
        for (int i = 0; i < TrialRuns; i++)
            trial.Run();
        _trial = NodeSeconds(trial.EndProfiling(), 0).Min();
    }

    public override double Best => _finished ? base.Best : _trial;

    public override void Run()
    {
        base.Run();
        _runs++;
    }

    public override void Sample(int calls)
    {
        for (int i = 0; i < calls; i += Copies)
            Run();
    }

    public override void Forget() => _forgotten = _runs;

    public override void Finish()
    {
        _finished = true;
        foreach (double seconds in NodeSeconds(Many.EndProfiling(), _forgotten))
            Add(seconds);
    }

    public override void Dispose()
    {
        File.Delete(Many.EndProfiling());
        base.Dispose();
    }

    // The times of the nodes in the second half of each run from the given one on.
    private IEnumerable<double> NodeSeconds(string file, int firstRun)
    {
        using JsonDocument events = JsonDocument.Parse(File.ReadAllBytes(file));
        File.Delete(file);
        int[] microseconds =
        [
            .. from entry in events.RootElement.EnumerateArray()
               where entry.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal)
               where entry.GetProperty("args").GetProperty("op_name").GetString() == "Conv"
               select entry.GetProperty("dur").GetInt32(),
        ];

        // The profiler cuts off the fraction: half a microsecond on average.
        return from i in Enumerable.Range(firstRun * Copies, microseconds.Length - (firstRun * Copies))
               where i % Copies >= Copies / 2
               select (microseconds[i] + 0.5) * 1e-6;
    }
}
