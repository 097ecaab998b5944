using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// For several threads: the node's time from ONNX Runtime's own profiler, whole microseconds. The first half of the copies in each run is left out: they run
/// before the other threads are awake.
/// </summary>
internal sealed class OnnxProfiledCandidate : OnnxRuntimeCandidate
{
    private int _runs;
    private int _forgotten;

    public OnnxProfiledCandidate(string variant, ConvolutionData data, AlignedBuffer<float> x, AlignedBuffer<float> filter, int copies, SessionOptions options)
        : base(variant, data, x, filter, copies, options, Path.Combine(Path.GetTempPath(), "cnnfast-peers"))
    {
    }

    public override void Run()
    {
        base.Run();
        _runs++;
    }

    public override void Sample(int calls)
    {
        calls = Math.Max(1, calls / Copies);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            Run();
        Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds / calls / Copies);
    }

    public override void Forget()
    {
        base.Forget();
        _forgotten = _runs;
    }

    public override void Finish()
    {
        base.Forget();
        int[] microseconds = Nodes(Many.EndProfiling());
        for (int i = _forgotten * Copies; i < microseconds.Length; i++)
        {
            // The profiler cuts off the fraction: half a microsecond on average.
            if (i % Copies >= Copies / 2)
                Add((microseconds[i] + 0.5) * 1e-6);
        }
    }

    public override void Dispose()
    {
        File.Delete(Many.EndProfiling());
        base.Dispose();
    }

    private static int[] Nodes(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using JsonDocument events = JsonDocument.Parse(stream);
        return
        [
            .. from entry in events.RootElement.EnumerateArray()
               where entry.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal)
               where entry.GetProperty("args").GetProperty("op_name").GetString() == "Conv"
               select entry.GetProperty("dur").GetInt32(),
        ];
    }
}
