using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>ONNX Runtime's Conv node: forward only.</summary>
internal sealed class OnnxRuntimeEngine : Engine
{
    // Copies of the node in the longer model: many where a node takes microseconds, few where it takes milliseconds.
    private const int ManyCopies = 17;
    private const int FewCopies = 3;

    // From some 20 µs a node: the profiler's whole microseconds are then fine enough.
    private const double LongFromOperations = 2e6;

    private readonly int _threads;

    private OnnxRuntimeEngine(int threads)
        : base("onnxruntime", $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}") => _threads = threads;

    public static Engine Load(int threads)
    {
        OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        return new OnnxRuntimeEngine(threads);
    }

    public override IEnumerable<Candidate> Candidates(ConvolutionData data, ConvolutionPass pass)
    {
        if (pass != ConvolutionPass.Forward)
            yield break;
        Conv2DGeometry g = data.Geometry;
        AlignedBuffer<float> x = Layouts.ToNchw(data.X.Span, g.N, g.H, g.W, g.C), filter = Layouts.ToOihw(data.Filter.Span, g);
        bool isLong = data.Operations >= LongFromOperations;
        int copies = isLong ? FewCopies : ManyCopies;
        foreach ((string variant, GraphOptimizationLevel level) in new[] { ("NCHWc", GraphOptimizationLevel.ORT_ENABLE_ALL),
            ("NCHW", GraphOptimizationLevel.ORT_ENABLE_EXTENDED) })
        {
            yield return isLong || _threads > 1
                ? new OnnxProfiledCandidate(variant, data, x, filter, copies, Options(level))
                : new OnnxDifferenceCandidate(variant, data, x, filter, copies, Options(level));
        }
    }

    private OrtSessionOptions Options(GraphOptimizationLevel level)
    {
        var options = new OrtSessionOptions
        {
            GraphOptimizationLevel = level,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = _threads,
            InterOpNumThreads = 1,
        };
        if (_threads == 1)
            return options;

        // Each session has threads of its own, which would go on spinning while another engine is timed.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }
}
