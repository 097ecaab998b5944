namespace CnnFast.Benchmarks.Peers;

/// <summary>A model in this library's session.</summary>
internal sealed class CnnFastRunner : ModelRunner
{
    private readonly InferenceSession _session;
    private readonly float[] _input;
    private readonly float[] _output;

    public CnnFastRunner(Model model, float[] input, int batch, int threads)
        : base("cnnfast", "Run")
    {
        _session = new InferenceSession(model, new SessionOptions { MaxBatch = batch, MaxThreads = threads });
        _input = input;
        _output = new float[batch * model.OutputShape.ElementCount];
    }

    public override void Run() => _session.Run(_input, _output);

    public override float[] Read() => [.. _output];

    /// <summary>Bytes that a run allocates, on whatever thread.</summary>
    public double MeasureAllocation(int runs)
    {
        Run();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < runs; i++)
            Run();
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / runs;
    }

    public override void Dispose() => _session.Dispose();
}
