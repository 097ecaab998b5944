namespace CnnFast.Graphs;

/// <summary>What one run of a forward step sees.</summary>
internal readonly ref struct ForwardContext
{
    private readonly ValueMemory _values;
    private readonly ReadOnlySpan<Operand> _inputs;
    private readonly Operand _output;
    private readonly Span<float> _parameterGradients;
    private readonly ReadOnlySpan<(int Offset, int Length)> _gradientPlaces;

    public ForwardContext(
        IWorkScheduler scheduler,
        scoped in ValueMemory values,
        ReadOnlySpan<Operand> inputs,
        Operand output,
        ReadOnlySpan<float> constants,
        Span<byte> workspace,
        RandomKey key,
        Span<float> parameterGradients = default,
        ReadOnlySpan<(int Offset, int Length)> gradientPlaces = default,
        int samples = 0)
    {
        N = samples == 0 ? values.N : samples;
        Scheduler = scheduler;
        _values = values;
        _inputs = inputs;
        _output = output;
        Constants = constants;
        Workspace = workspace;
        Key = key;
        _parameterGradients = parameterGradients;
        _gradientPlaces = gradientPlaces;
    }

    /// <summary>Where the work runs.</summary>
    public IWorkScheduler Scheduler { get; }

    /// <summary>Samples of this run; of a step that computes a whole value, its first dimension.</summary>
    public int N { get; }

    /// <summary>What the step wrote in <see cref="ForwardStep.PrepareConstants"/>.</summary>
    public ReadOnlySpan<float> Constants { get; }

    /// <summary>Scratch memory.</summary>
    public Span<byte> Workspace { get; }

    /// <summary>The random numbers of this node at this training step.</summary>
    public RandomKey Key { get; }

    /// <summary>The caller's input where it is bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _values.Bytes;

    /// <summary>The output, to be overwritten.</summary>
    public Span<float> Output => _values.Write(_output);

    /// <summary>The number of inputs.</summary>
    public int InputCount => _inputs.Length;

    /// <summary>The same run with other constants and scratch memory.</summary>
    public ForwardContext With(ReadOnlySpan<float> constants, Span<byte> workspace) =>
        new(Scheduler, _values, _inputs, _output, constants, workspace, Key, _parameterGradients, _gradientPlaces, N);

    /// <summary>The values of an input.</summary>
    public ReadOnlySpan<float> Input(int index) => _values.Read(_inputs[index]);

    /// <summary>Where a training step puts the batch's value of a parameter that is a statistic; the backward step finds it as that parameter's gradient.</summary>
    public Span<float> Statistic(int parameter)
    {
        (int offset, int length) = _gradientPlaces[parameter];
        return _parameterGradients.Slice(offset, length);
    }
}
