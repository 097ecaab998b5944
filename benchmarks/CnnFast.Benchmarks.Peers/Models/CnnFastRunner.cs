namespace CnnFast.Benchmarks.Peers;

/// <summary>A model in this library's session.</summary>
internal sealed class CnnFastRunner : ModelRunner
{
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

    public override void Dispose() => _session.Dispose();
}
