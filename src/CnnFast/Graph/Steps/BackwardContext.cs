namespace CnnFast.Graphs;

/// <summary>What a backward step sees. One serves all steps of a run: it goes from one to the next.</summary>
internal ref struct BackwardContext
{
    private readonly ReadOnlySpan<float> _constants;
    private readonly ParameterValues[] _parameters;
    private Span<float> _parameterGradients;
    private readonly RandomKey _key;
    private readonly ValueMemory _values;
    private BackwardOperands _operands;
    private (int Offset, int Length)[] _parameterPlaces;

    /// <summary>Starts a run.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="values">The caller's inputs.</param>
    /// <param name="arena">The memory of values and gradients.</param>
    /// <param name="constants">The constants of all steps.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="key">The random numbers that the forward run had.</param>
    /// <param name="parameterGradients">The gradients of all parameters.</param>
    /// <param name="parameters">In training, the parameters of every node.</param>
    public BackwardContext(
        IWorkScheduler scheduler,
        scoped in ValueMemory values,
        Span<float> arena,
        ReadOnlySpan<float> constants,
        Span<byte> workspace,
        RandomKey key,
        Span<float> parameterGradients,
        ParameterValues[]? parameters = null)
    {
        _parameters = parameters ?? [];
        Scheduler = scheduler;
        _values = values;
        _values.Use(arena, constants);
        _constants = constants;
        Workspace = workspace;
        _key = key;
        _parameterGradients = parameterGradients;
        _operands = null!;
        _parameterPlaces = null!;
    }

    /// <summary>Where the work runs.</summary>
    public readonly IWorkScheduler Scheduler { get; }

    /// <summary>Samples of this run; of a step whose output is a whole value, its first dimension.</summary>
    public readonly int N => _operands.Samples == 0 ? _values.N : _operands.Samples;

    /// <summary>What the step wrote in <see cref="BackwardStep.PrepareConstants"/>.</summary>
    public ReadOnlySpan<float> Constants { get; private set; }

    /// <summary>Scratch memory.</summary>
    public Span<byte> Workspace { get; private set; }

    /// <summary>The random numbers that the forward run of this node had.</summary>
    public readonly RandomKey Key => _key.Of(_operands.Stream);

    /// <summary>What the forward run computed.</summary>
    public readonly ReadOnlySpan<float> Output => _values.Read(_operands.Output);

    /// <summary>The gradient of the loss by the output; may be overwritten.</summary>
    public readonly Span<float> OutputGradient => _values.Write(_operands.OutputGradient);

    /// <summary>The number of inputs.</summary>
    public readonly int InputCount => _operands.Inputs.Length;

    /// <summary>Goes to a step.</summary>
    public void Enter(BackwardOperands operands)
    {
        _operands = operands;
        _parameterPlaces = operands.ParameterGradients;
        Constants = _constants.Slice(operands.ConstantOffset, operands.ConstantLength);
    }

    /// <summary>The same step with other constants, scratch memory and gradients of parameters.</summary>
    public readonly BackwardContext With(ReadOnlySpan<float> constants, Span<byte> workspace, Span<float> parameterGradients,
        (int Offset, int Length)[] parameterPlaces)
    {
        BackwardContext other = this;
        other.Constants = constants;
        other.Workspace = workspace;
        other._parameterGradients = parameterGradients;
        other._parameterPlaces = parameterPlaces;
        return other;
    }

    /// <summary>What the forward run read.</summary>
    public readonly ReadOnlySpan<float> Input(int index) => _values.Read(_operands.Inputs[index]);

    /// <summary>The gradient by an input, to be overwritten; empty when it is not wanted.</summary>
    public readonly Span<float> InputGradient(int index) => _values.Write(_operands.InputGradients[index]);

    /// <summary>The values of a parameter of the node, where its shapes say that it <see cref="NodeShapes.ReadsParameters"/>.</summary>
    public readonly ReadOnlySpan<float> Parameter(int index) => _parameters[_operands.NodeIndex][index];

    /// <summary>The gradient by a parameter, to be overwritten; of a statistic, what the forward step put there.</summary>
    public readonly Span<float> ParameterGradient(int index)
    {
        (int offset, int length) = _parameterPlaces[index];
        return _parameterGradients.Slice(offset, length);
    }

    /// <summary>Memory of the run.</summary>
    public readonly ReadOnlySpan<float> Read(Operand operand) => _values.Read(operand);

    /// <summary>Memory of the run, for writing.</summary>
    public readonly Span<float> Write(Operand operand) => _values.Write(operand);
}
