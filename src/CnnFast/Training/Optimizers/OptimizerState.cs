using CnnFast.Graphs;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// An optimizer at work on a model: what it remembers of every parameter, and how many steps and epochs it has made. One
/// <see cref="Step"/> is one change of the weights, from the mean gradient of as many samples as the caller put together: of one batch, or
/// of several whose gradients were added and divided, with <see cref="MoveStatistics"/> after each of them.
/// </summary>
internal sealed class OptimizerState
{
    private const string StepsName = "steps";

    private readonly ParameterState[] _states;
    private readonly string[] _names;
    private readonly GradientNorm _norm;
    private ActivationOperator? _clamp;

    /// <summary>Starts from nothing.</summary>
    /// <exception cref="ArgumentException">The optimizer remembers two tensors of one name, or a group fits no parameter.</exception>
    public OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters, IReadOnlyList<ParameterGroup>? groups = null)
    {
        Optimizer = optimizer;
        _names = [.. optimizer.StateNames];
        if (_names.Distinct().Count() != _names.Length || _names.Contains(StepsName))
            throw new ArgumentException($"{optimizer.GetType().Name}: StateNames are [{string.Join(", ", _names)}]; " +
                $"expected each once, and none that is {StepsName}.", nameof(optimizer));
        ParameterGroup?[] assigned = ParameterGroup.Assign(groups ?? [], parameters);
        _states = [.. parameters.Zip(assigned, (parameter, group) => new ParameterState(parameter, group, _names.Length))];
        _norm = new GradientNorm(parameters);
    }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The limits of the gradients of later steps.</summary>
    public GradientClipping Clipping
    {
        get;
        set
        {
            field = value;
            _clamp = value.MaxValue is { } limit ? ActivationOperator.Create(new Epilogue(ElementFunctions.Clip, -limit, limit)) : null;
        }
    }

    = GradientClipping.None;

    /// <summary>Steps made.</summary>
    public long Steps { get; set; }

    /// <summary>Epochs in which there was a step; decides the order and the random changes of the next one's images.</summary>
    public int Epochs { get; set; }

    /// <summary>
    /// The norm of the gradients at the last step, √Σg² before <see cref="GradientClipping.MaxNorm"/>; null where nothing asked for it.
    /// </summary>
    public double? GradientNorm { get; private set; }

    /// <summary>
    /// All that is remembered, as tensors that may be read and written between steps: those of a parameter are named after it, such as
    /// <c>dense_1.filter/velocity</c>, and have its shape; <c>dense_1.filter/steps</c> of 2 counts its steps. With <see cref="Steps"/> and
    /// <see cref="Epochs"/> they are the whole state.
    /// </summary>
    public IEnumerable<(string Name, Shape Shape, Memory<float> Values)> Tensors
    {
        get
        {
            foreach (ParameterState state in _states.Where(state => !state.IsStatistic))
            {
                for (int i = 0; i < _names.Length; i++)
                    yield return ($"{state.Parameter.Name}/{_names[i]}", state.Parameter.Shape, state.Tensors[i].Memory);
                yield return ($"{state.Parameter.Name}/{StepsName}", new Shape(2), state.StepValues);
            }
        }
    }

    /// <summary>Ends an epoch.</summary>
    public void CountEpoch() => Epochs++;

    /// <summary>
    /// Changes all trainable parameters once: statistics towards the batch's, the others by the optimizer. What is in the gradients is used
    /// up: they come out limited, and with weight decay.
    /// </summary>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="gradients">The gradients of the mean loss.</param>
    /// <param name="batch">The samples behind them, for <see cref="L2Penalty.PerBatch"/>.</param>
    /// <param name="factor">What the schedule multiplies the learning rate by.</param>
    /// <param name="moveStatistics">Whether statistics move too; false where <see cref="MoveStatistics"/> was called.</param>
    /// <exception cref="NotFiniteNumberException">There is a limit of the norm and the norm is infinite or NaN; nothing has
    /// changed but the gradients.</exception>
    public void Step(IWorkScheduler scheduler, ParameterGradients gradients, int batch, float factor, bool moveStatistics = true)
    {
        Clip(scheduler, gradients);
        Steps++;
        float rate = Optimizer.LearningRate * factor;
        float l2 = Optimizer.L2.FactorFor(batch);
        if (moveStatistics)
            MoveStatistics(gradients);
        foreach (ParameterState state in _states)
        {
            if (!IsTrained(state, gradients))
                continue;
            var step = new OptimizerStep
            {
                Step = state.CountStep(),
                LearningRate = rate * state.RateFactor,
                L2 = l2 * state.DecayFactor,
                DecayFactor = state.DecayFactor,
            };
            var action = new UpdateAction(Optimizer, state.Parameter.BeginWriteMemory(), gradients.MemoryOf(state.Parameter), _names,
                state.Tensors, step);
            scheduler.Run(action.Parts, action.Cost, action);
        }
    }

    /// <summary>Moves trainable statistics towards those of a batch, of which no step was made.</summary>
    public void MoveStatistics(ParameterGradients gradients)
    {
        foreach (ParameterState state in _states)
        {
            Parameter parameter = state.Parameter;
            if (state.IsStatistic && parameter.Trainable && gradients.Contains(parameter))
                Average(parameter.BeginWrite(), gradients, parameter);
        }
    }

    // Nodes that share a layer move its averages one after the other.
    private static void Average(Span<float> moving, ParameterGradients gradients, Parameter parameter)
    {
        double momentum = parameter.Info.Momentum;
        for (int use = 0; use < gradients.UsesOf(parameter); use++)
        {
            ReadOnlySpan<float> batch = gradients.MemoryOf(parameter, use).Span;
            for (int i = 0; i < moving.Length; i++)
                moving[i] = (float)((momentum * moving[i]) + ((1 - momentum) * batch[i]));
        }
    }

    private static bool IsTrained(ParameterState state, ParameterGradients gradients) =>
        !state.IsStatistic && state.Parameter.Trainable && gradients.Contains(state.Parameter);

    private void Clip(IWorkScheduler scheduler, ParameterGradients gradients)
    {
        GradientNorm = null;
        if (!Clipping.IsLimit)
            return;
        double squares = 0;
        foreach (ParameterState state in _states)
        {
            if (!IsTrained(state, gradients))
                continue;
            Memory<float> gradient = gradients.MemoryOf(state.Parameter);
            _clamp?.Run(scheduler, gradient.Span, gradient.Span);
            if (Clipping.MaxNorm is not null)
                squares += RequireFinite(_norm.SquareSum(scheduler, gradient), state.Parameter);
        }

        if (Clipping.MaxNorm is null)
            return;
        GradientNorm = Math.Sqrt(squares);
        float factor = Clipping.FactorFor(GradientNorm.Value);
        if (factor == 1)
            return;
        foreach (ParameterState state in _states)
        {
            if (IsTrained(state, gradients))
                _norm.Scale(scheduler, gradients[state.Parameter], factor);
        }
    }

    private double RequireFinite(double squares, Parameter parameter)
    {
        if (double.IsFinite(squares))
            return squares;
        GradientNorm = squares;
        throw new NotFiniteNumberException(FormattableString.Invariant(
            $"Trainer: the gradient of '{parameter.Name}' at step {Steps + 1} has the norm {squares}; expected a finite number: ") +
            "lower the learning rate or check the inputs.", squares);
    }
}
