namespace CnnFast.Graphs;

/// <summary>What one run of a backward step sees.</summary>
internal readonly ref struct BackwardContext
{
    private readonly ValueMemory _values;
    private readonly BackwardOperands _operands;
    private readonly Span<float> _parameterGradients;

    public BackwardContext(IWorkScheduler scheduler, in ValueMemory values, BackwardOperands operands, Span<float> parameterGradients, ReadOnlySpan<float> constants, Span<byte> workspace, RandomKey key)
    {
        Scheduler = scheduler;
        _values = values;
        _operands = operands;
        _parameterGradients = parameterGradients;
        Constants = constants;
        Workspace = workspace;
        Key = key;
    }

    /// <summary>Where the work runs.</summary>
    public IWorkScheduler Scheduler { get; }

    /// <summary>Samples of this run.</summary>
    public int N => _values.N;

    /// <summary>What the step wrote in <see cref="BackwardStep.PrepareConstants"/>.</summary>
    public ReadOnlySpan<float> Constants { get; }

    /// <summary>Scratch memory.</summary>
    public Span<byte> Workspace { get; }

    /// <summary>The random numbers that the forward run of this node had.</summary>
    public RandomKey Key { get; }

    /// <summary>What the forward run computed.</summary>
    public ReadOnlySpan<float> Output => _values.Read(_operands.Output);

    /// <summary>The gradient of the loss by the output; may be overwritten.</summary>
    public Span<float> OutputGradient => _values.Write(_operands.OutputGradient);

    /// <summary>The number of inputs.</summary>
    public int InputCount => _operands.Inputs.Length;

    /// <summary>What the forward run read.</summary>
    public ReadOnlySpan<float> Input(int index) => _values.Read(_operands.Inputs[index]);

    /// <summary>The gradient by an input, to be overwritten; empty when it is not wanted.</summary>
    public Span<float> InputGradient(int index) => _values.Write(_operands.InputGradients[index]);

    /// <summary>The gradient by a parameter, to be overwritten; of a statistic, what the forward step put there.</summary>
    public Span<float> ParameterGradient(int index)
    {
        (int offset, int length) = _operands.ParameterGradients[index];
        return _parameterGradients.Slice(offset, length);
    }
}
