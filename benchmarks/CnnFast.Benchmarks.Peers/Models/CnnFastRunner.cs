namespace CnnFast.Benchmarks.Peers;

/// <summary>A model in this library's session.</summary>
internal sealed class CnnFastRunner : ModelRunner
{
    private const int AllocationSets = 3;

    private readonly InferenceSession _session;
    private readonly float[][] _inputs;
    private readonly float[][] _outputs;
    private readonly ReadOnlyMemory<float>[] _read;
    private readonly Memory<float>[] _written;

    public CnnFastRunner(Model model, float[][] inputs, int batch, int threads)
        : base("cnnfast", "Run")
    {
        _session = new InferenceSession(model, new SessionOptions { MaxBatch = batch, MaxThreads = threads });
        _inputs = inputs;
        _outputs = [.. model.Outputs.Select(output => new float[batch * output.Shape.ElementCount])];
        _read = [.. _inputs.Select(input => input.AsMemory())];
        _written = [.. _outputs.Select(output => output.AsMemory())];
    }

    public override void Run()
    {
        if (_inputs.Length == 1 && _outputs.Length == 1)
            _session.Run(_inputs[0], _outputs[0]);
        else
            _session.Run(_read, _written);
    }

    public override IReadOnlyList<float[]> Read() => [.. _outputs.Select(output => (float[])output.Clone())];

    /// <summary>Times every node.</summary>
    public IReadOnlyList<NodeProfile> Profile() => _session.Profile(_read, _written);

    /// <summary>
    /// Bytes that a run allocates, on whatever thread: the least of several sets of runs, as the runtime allocates on its own
    /// where a rare path is first taken.
    /// </summary>
    public double MeasureAllocation(int runs)
    {
        long least = long.MaxValue;
        for (int set = 0; set < AllocationSets && least > 0; set++)
        {
            Run();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < runs; i++)
                Run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return (double)least / runs;
    }

    public override void Dispose() => _session.Dispose();
}
