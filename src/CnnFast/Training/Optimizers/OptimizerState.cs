using CnnFast.Graphs;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// An optimizer at work on a model: what it remembers of every parameter, and how many steps and epochs it has made. One
/// <see cref="Step(TrainingSession, float)"/> is one change of the weights, from the mean gradient of as many samples as the caller put
/// together: of one batch, or
/// of several whose gradients were added and divided. <see cref="Trainer"/> has one; programs that go step by step with a
/// <see cref="TrainingSession"/> create their own. Not thread-safe.
/// </summary>
public sealed class OptimizerState
{
    private const string StepsName = "steps";

    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ParameterState[] _states;
    private readonly string[] _names;
    private readonly GradientNorm _norm;
    private ActivationOperator? _clamp;

    /// <summary>Starts from nothing.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="model">The model whose parameters it changes.</param>
    /// <param name="groups">Parameters that it treats in a way of their own; null for none.</param>
    /// <exception cref="ArgumentException">The optimizer remembers two tensors of one name, or a group fits no parameter.</exception>
    public OptimizerState(Optimizer optimizer, Model model, IReadOnlyList<ParameterGroup>? groups = null)
        : this(Given.NotNull(optimizer), Given.NotNull(model).Parameters, groups)
    {
    }

    /// <summary>Starts from nothing.</summary>
    /// <exception cref="ArgumentException">The optimizer remembers two tensors of one name, or a group fits no parameter.</exception>
    internal OptimizerState(Optimizer optimizer, IReadOnlyList<Parameter> parameters, IReadOnlyList<ParameterGroup>? groups = null)
    {
        Optimizer = optimizer;
        _names = [.. optimizer.StateNames];
        if (_names.Distinct().Count() != _names.Length || _names.Contains(StepsName))
            throw new ArgumentException($"{optimizer.GetType().Name}: StateNames are [{string.Join(", ", _names)}]; " +
                $"expected each once, and none that is {StepsName}.", nameof(optimizer));
        Groups = groups ?? [];
        ParameterGroup?[] assigned = ParameterGroup.Assign(Groups, parameters);
        _states = [.. parameters.Zip(assigned, (parameter, group) => new ParameterState(parameter, group, _names.Length))];
        _parameters = parameters;
        _norm = new GradientNorm(parameters);
    }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The parameters that it treats in a way of their own.</summary>
    internal IReadOnlyList<ParameterGroup> Groups { get; }

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
    public long Steps { get; internal set; }

    /// <summary>Epochs in which there was a step; decides the order and the random changes of the next one's images.</summary>
    internal int Epochs { get; set; }

    /// <summary>
    /// The norm of the gradients at the last step, √Σg² before <see cref="GradientClipping.MaxNorm"/>; null where nothing asked for it.
    /// </summary>
    public double? GradientNorm { get; private set; }

    /// <summary>
    /// All that is remembered, as tensors that may be read and written between steps: those of a parameter are named after it, such as
    /// <c>dense_1.filter/velocity</c>, and have its shape; <c>dense_1.filter/steps</c> of 2 counts its steps. With <see cref="Steps"/> and
    /// <see cref="Epochs"/> they are the whole state.
    /// </summary>
    internal IEnumerable<(string Name, Shape Shape, Memory<float> Values)> Tensors
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

    /// <summary>
    /// Changes all trainable parameters of the session's model once, by the gradients of its last Backward, and moves its statistics
    /// where <see cref="TrainingSession.MoveStatistics"/> was not called after the last Forward. The gradients are used up: they come out
    /// limited, and with weight decay.
    /// </summary>
    /// <param name="session">A session of the same model, after Backward.</param>
    /// <param name="factor">What the learning rate is multiplied by, such as a schedule's factor.</param>
    /// <exception cref="ArgumentException">The session is of another model.</exception>
    /// <exception cref="InvalidOperationException">There was no Backward since the last Forward.</exception>
    /// <exception cref="NotFiniteNumberException">There is a limit of the norm and the norm is infinite or NaN; nothing has
    /// changed but the gradients.</exception>
    public void Step(TrainingSession session, float factor = 1)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Model.Parameters.Count != _states.Length || (_states.Length > 0 && _states[0].Parameter != session.Model.Parameters[0]))
            throw new ArgumentException("OptimizerState.Step: the session is of another model.", nameof(session));
        session.RequireBackward("OptimizerState.Step");
        Step(session.Scheduler, session.Gradients, session.Samples, factor, moveStatistics: !session.HasMovedStatistics);
    }

    /// <summary>Ends an epoch.</summary>
    internal void CountEpoch() => Epochs++;

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
    internal void Step(IWorkScheduler scheduler, ParameterGradients gradients, int batch, float factor, bool moveStatistics = true)
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
    internal void MoveStatistics(ParameterGradients gradients) =>
        MovingStatistics.Move(_parameters, gradients);

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
