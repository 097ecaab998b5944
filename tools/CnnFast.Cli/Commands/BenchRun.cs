namespace CnnFast.Cli;

/// <summary>A session with random inputs and memory for its outputs.</summary>
internal sealed class BenchRun
{
    private readonly ReadOnlyMemory<float>[] _inputs;
    private readonly Memory<float>[] _outputs;

    /// <summary>Makes the inputs, the same ones every time.</summary>
    public BenchRun(InferenceSession session)
    {
        Session = session;
        var random = new Random(1);
        _inputs = [.. session.Inputs.Select(input =>
            new ReadOnlyMemory<float>(Numbers(random, session.MaxBatch * input.Shape.ElementCount)))];
        _outputs = [.. session.Outputs.Select(output => new Memory<float>(new float[session.MaxBatch * output.Shape.ElementCount]))];
    }

    /// <summary>The session.</summary>
    public InferenceSession Session { get; }

    /// <summary>Runs a whole batch, by the call that a program would use: spans where there is one input and one output.</summary>
    public void Run(CancellationToken stop)
    {
        if (_inputs.Length == 1 && _outputs.Length == 1)
            Session.Run(_inputs[0].Span, _outputs[0].Span, stop);
        else
            Session.Run(_inputs, _outputs, stop);
    }

    /// <summary>Times the nodes.</summary>
    public IReadOnlyList<NodeProfile> Profile(int runs) => Session.Profile(_inputs, _outputs, runs);

    private static float[] Numbers(Random random, int count)
    {
        var numbers = new float[count];
        for (int i = 0; i < count; i++)
            numbers[i] = random.NextSingle();
        return numbers;
    }
}
