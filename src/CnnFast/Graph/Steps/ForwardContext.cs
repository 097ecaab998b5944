namespace CnnFast.Graphs;

/// <summary>What a forward step sees. One serves all steps of a run: it goes from one to the next.</summary>
internal ref struct ForwardContext
{
    private readonly ReadOnlySpan<float> _constants;
    private readonly ParameterValues[] _parameters;
    private readonly Span<float> _parameterGradients;
    private readonly RandomKey _key;
    private ValueMemory _values;
    private ForwardOperands _operands;

    /// <summary>Starts a run.</summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="values">The caller's inputs and outputs.</param>
    /// <param name="arena">The memory of the other values.</param>
    /// <param name="constants">The constants of all steps.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="key">In training, the random numbers of this step of the training.</param>
    /// <param name="parameterGradients">In training, the gradients of all parameters.</param>
    /// <param name="parameters">In training, the parameters of every node.</param>
    public ForwardContext(
        IWorkScheduler scheduler,
        scoped in ValueMemory values,
        Span<float> arena,
        ReadOnlySpan<float> constants,
        Span<byte> workspace,
        RandomKey key = default,
        Span<float> parameterGradients = default,
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
    }

    /// <summary>Where the work runs.</summary>
    public readonly IWorkScheduler Scheduler { get; }

    /// <summary>Samples of this run; of a step that computes a whole value, its first dimension.</summary>
    public int N { get; private set; }

    /// <summary>What the step wrote in <see cref="ForwardStep.PrepareConstants"/>.</summary>
    public ReadOnlySpan<float> Constants { get; private set; }

    /// <summary>Scratch memory.</summary>
    public Span<byte> Workspace { get; private set; }

    /// <summary>The random numbers of this node at this training step.</summary>
    public readonly RandomKey Key => _key.Of(_operands.Stream);

    /// <summary>The caller's input where it is bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _values.Bytes;

    /// <summary>The output, to be overwritten.</summary>
    public readonly Span<float> Output => _values.Write(_operands.Output);

    /// <summary>The number of inputs.</summary>
    public readonly int InputCount => _operands.Inputs.Length;

    /// <summary>Goes to some of the run's samples.</summary>
    public void Take(int first, int n) => _values.Take(first, n);

    /// <summary>Goes to a step.</summary>
    public void Enter(ForwardOperands operands)
    {
        _operands = operands;
        N = operands.Samples == 0 ? _values.N : operands.Samples;
        Constants = _constants.Slice(operands.ConstantOffset, operands.ConstantLength);
    }

    /// <summary>The same step with other constants and scratch memory.</summary>
    public readonly ForwardContext With(ReadOnlySpan<float> constants, Span<byte> workspace)
    {
        ForwardContext other = this;
        other.Constants = constants;
        other.Workspace = workspace;
        return other;
    }

    /// <summary>The values of an input.</summary>
    public readonly ReadOnlySpan<float> Input(int index) => _values.Read(_operands.Inputs[index]);

    /// <summary>The values of a parameter of the node, where its shapes say that it <see cref="NodeShapes.ReadsParameters"/>.</summary>
    public readonly ReadOnlySpan<float> Parameter(int index) => _parameters[_operands.NodeIndex][index];

    /// <summary>
    /// Where a training step puts the batch's value of a parameter that is a statistic; the backward step finds
    /// it as that parameter's gradient.
    /// </summary>
    public readonly Span<float> Statistic(int parameter)
    {
        (int offset, int length) = _operands.ParameterGradients[parameter];
        return _parameterGradients.Slice(offset, length);
    }
}
