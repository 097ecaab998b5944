using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Steps of training in one's own hands: forward, loss, backward, with the gradients of parameters, inputs and inner values. It is what
/// <see cref="Trainer"/> runs on. Layers compute as in training: dropout drops, batch normalisation takes the batch's statistics (freeze
/// what is not to). Nothing changes the model but <see cref="OptimizerState"/> and <see cref="MoveStatistics"/>. On one thread a step
/// allocates nothing. One caller at a time.
/// </summary>
/// <example>
/// <code>
/// var session = new TrainingSession(model, new TrainingSessionOptions { Losses = [new LossTerm(new SoftmaxCrossEntropy())] });
/// var optimizer = new OptimizerState(new Sgd(0.1f), model);
/// session.Forward(32, images);
/// double loss = session.Loss(labels);
/// session.Backward();
/// optimizer.Step(session);
/// </code>
/// </example>
public sealed class TrainingSession
{
    private readonly Model _model;
    private readonly IWorkScheduler _scheduler;
    private readonly TrainingPlan _plan;
    private readonly OutputLoss[] _losses;
    private readonly IReadOnlyList<ValueInfo> _outputs;
    private readonly IReadOnlyList<ValueInfo> _inputs;
    private readonly Dictionary<string, ValueInfo> _kept = [];
    private readonly float[] _weights;
    private readonly int[] _targets;
    private readonly AlignedBuffer<float>?[] _ownInputs;
    private readonly ReadOnlyMemory<float>[] _given;
    private readonly bool[] _hasGradient;
    private readonly Parameter[] _summed;
    private readonly Parameter[] _frozen;
    private readonly IReadOnlyList<TargetInfo>?[] _taken;
    private readonly ElementwiseOperators _elementwise = ElementwiseOperators.Create();
    private readonly bool _isInference;
    private AlignedBuffer<float>? _sum;
    private ulong _step;
    private Phase _phase;

    /// <summary>Prepares steps of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Losses, batch, what is to be read, threads.</param>
    /// <exception cref="ArgumentException">A loss does not belong to its output, a value is not there or leads to no output, or the model
    /// has nothing of which a gradient is wanted.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="NotSupportedException">An operation between an output and what gradients are wanted of has none.</exception>
    /// <exception cref="ShapeException">Activations or gradients do not fit one buffer.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    public TrainingSession(Model model, TrainingSessionOptions? options = null)
        : this(Given.NotNull(model), LossesOf(model, options ??= new TrainingSessionOptions()), options.Values,
            new TrainingPlanOptions(Checked(options).MaxBatch, options.Seed, WorkScheduler.Create(options.MaxThreads),
                options.ConvAlgorithm)
            {
                Inference = options.Inference,
            })
    {
    }

    /// <summary>Prepares the steps of a trainer.</summary>
    internal TrainingSession(ModelLosses losses, TrainingPlanOptions options)
        : this(losses.Model, losses, [], options)
    {
    }

    private TrainingSession(Model model, ModelLosses? losses, IReadOnlyList<string> values, TrainingPlanOptions options)
    {
        _model = model;
        Graph graph = losses?.Graph ?? model.Graph;
        if (options.Inference)
            graph = WithoutDropout(graph);
        _isInference = options.Inference;
        _scheduler = options.Scheduler;
        _losses = losses is null ? [] : [.. losses.Losses.Select(loss => new OutputLoss(loss))];
        _weights = losses?.Weights ?? [];
        _targets = losses?.Targets ?? [];
        _outputs = graph.Outputs;
        _inputs = graph.Inputs;
        ValueInfo[] kept = [.. values.Select(name => Find(graph, name))];
        for (int i = 0; i < kept.Length; i++)
            _kept[values[i]] = kept[i];
        FitChecks.RequireGradients("TrainingSession", graph);
        bool[] wanted = GradientNeedsAnalysis.Values(graph, kept);
        if (kept.FirstOrDefault(value => !wanted[value.Id]) is { } rough)
            throw new ArgumentException($"TrainingSession: '{rough.Name}' leads to no output through operations that all have a gradient.");
        if (kept.Length == 0 && !graph.Parameters.Any(parameter => parameter.Trainable))
            throw new ArgumentException(
                "TrainingSession: the model has no trainable parameter and no value is named; expected at least one " +
                "of which a gradient is wanted.");
        _plan = new TrainingPlan(graph, options with { Kept = kept });
        _ownInputs = new AlignedBuffer<float>?[_inputs.Count];
        _given = new ReadOnlyMemory<float>[_inputs.Count];
        _hasGradient = new bool[_outputs.Count];
        _taken = new IReadOnlyList<TargetInfo>?[_losses.Length];
        _frozen = [.. graph.Parameters.Where(parameter => !parameter.Trainable && _plan.Gradients.Contains(parameter))];
        _summed = [.. graph.Parameters.Where(parameter => !parameter.Info.IsStatistic && _plan.Gradients.Contains(parameter))];
    }

    private enum Phase
    {
        Nothing,
        Forward,
        Backward,
    }

    /// <summary>The model.</summary>
    public Model Model => _model;

    /// <summary>The most samples of a step.</summary>
    public int MaxBatch => _plan.MaxBatch;

    /// <summary>How many values losses read: one for each loss, or the model's outputs where there are none.</summary>
    public int OutputCount => _outputs.Count;

    /// <summary>The samples of the last <see cref="Forward(int, ReadOnlySpan{float})"/>.</summary>
    public int Samples { get; private set; }

    /// <summary>
    /// The number of the step, which decides the random numbers of dropout: from 0, one more with every Forward unless it was set.
    /// </summary>
    public ulong Step
    {
        get => _step;
        set => _step = value;
    }

    internal ParameterGradients Gradients => _plan.Gradients;

    internal IWorkScheduler Scheduler => _scheduler;

    internal bool HasMovedStatistics { get; private set; }

    private ValueMemory Inputs => new(Samples, _given, default);

    /// <summary>Computes the outputs of a model with one input, with its weights as they are now.</summary>
    /// <param name="samples">How many samples, 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="input">The samples one after the other; copied.</param>
    /// <exception cref="ShapeException">The length is not that of the samples, or the model has several inputs.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is out of range.</exception>
    public void Forward(int samples, ReadOnlySpan<float> input)
    {
        if (_inputs.Count != 1)
            throw new ShapeException($"TrainingSession.Forward: the model has {_inputs.Count} inputs; expected a list of them.");
        RequireInput(samples, 0, input.Length);
        Own(0, input);
        Forward(samples);
    }

    /// <summary>The same for several inputs.</summary>
    /// <param name="samples">How many samples, 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="inputs">The samples of every input; copied.</param>
    /// <exception cref="ShapeException">A length is not that of the samples, or there are more or fewer inputs.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is out of range.</exception>
    public void Forward(int samples, IReadOnlyList<ReadOnlyMemory<float>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != _inputs.Count)
            throw new ShapeException($"TrainingSession.Forward: {inputs.Count} inputs were given; expected {_inputs.Count}.");
        for (int i = 0; i < inputs.Count; i++)
            RequireInput(samples, i, inputs[i].Length);
        for (int i = 0; i < inputs.Count; i++)
            Own(i, inputs[i].Span);
        Forward(samples);
    }

    /// <summary>What the last Forward computed: what a loss reads, or an output of the model. Valid until Backward.</summary>
    /// <param name="index">Which loss, or which output where there are no losses.</param>
    /// <returns>The values of the samples, one after the other.</returns>
    /// <exception cref="InvalidOperationException">Forward was not called, or Backward was.</exception>
    public ReadOnlySpan<float> Output(int index = 0)
    {
        Require(Phase.Forward, nameof(Output));
        return _plan.Output(Inputs, index);
    }

    /// <summary>
    /// Where the gradient of the loss by <see cref="Output"/> goes, to be overwritten by callers without a loss before Backward; outputs of
    /// which neither this nor a loss was asked for have the gradient 0.
    /// </summary>
    /// <param name="index">Which output.</param>
    /// <returns>As many values as the output has; empty where nothing that leads to it is wanted.</returns>
    /// <exception cref="InvalidOperationException">Forward was not called, or Backward was.</exception>
    public Span<float> OutputGradient(int index = 0)
    {
        Require(Phase.Forward, nameof(OutputGradient));
        Span<float> gradient = _plan.OutputGradient(Samples, index);
        if (!_hasGradient[index])
            gradient.Clear();
        _hasGradient[index] = true;
        return gradient;
    }

    /// <summary>Computes a loss whose targets are labels, and the gradient by what it reads.</summary>
    /// <param name="labels">The targets.</param>
    /// <param name="index">Which of the losses.</param>
    /// <param name="scale">A factor of the gradient: 1 / k where k batches are added before a step of the optimizer.</param>
    /// <param name="sampleWeights">How much each sample counts; empty where all count 1.</param>
    /// <returns>The loss of the batch, without the weight of its term.</returns>
    /// <exception cref="ShapeException">The targets do not fit the loss.</exception>
    /// <exception cref="ArgumentException">A sample weight is negative or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is out of range.</exception>
    /// <exception cref="InvalidOperationException">Forward was not called, or Backward was.</exception>
    public double Loss(ReadOnlySpan<int> labels, int index = 0, float scale = 1, ReadOnlySpan<float> sampleWeights = default)
    {
        RequireTargets(index, isLabels: true, labels.Length, sampleWeights);
        return Run(index, labels, default, sampleWeights, scale).Reduce(LossOf(index).Reduction);
    }

    /// <summary>The same for targets that are numbers.</summary>
    /// <param name="values">The targets.</param>
    /// <param name="index">Which of the losses.</param>
    /// <param name="scale">A factor of the gradient.</param>
    /// <param name="sampleWeights">How much each sample counts; empty where all count 1.</param>
    /// <returns>The loss of the batch, without the weight of its term.</returns>
    /// <exception cref="ShapeException">The targets do not fit the loss.</exception>
    /// <exception cref="ArgumentException">A sample weight is negative or not finite.</exception>
    /// <exception cref="InvalidOperationException">Forward was not called, or Backward was.</exception>
    public double Loss(ReadOnlySpan<float> values, int index = 0, float scale = 1, ReadOnlySpan<float> sampleWeights = default)
    {
        RequireTargets(index, isLabels: false, values.Length, sampleWeights);
        return Run(index, default, values, sampleWeights, scale).Reduce(LossOf(index).Reduction);
    }

    /// <summary>Computes the gradients of everything that is wanted from those of the outputs.</summary>
    /// <param name="accumulate">
    /// Whether the gradients of parameters are added to those of the last Backward, for several batches before one step of the optimizer.
    /// </param>
    /// <exception cref="InvalidOperationException">Forward was not called, or Backward was; or no Loss and no OutputGradient was asked for
    /// since Forward, so that all gradients would be 0.</exception>
    public void Backward(bool accumulate = false)
    {
        Require(Phase.Forward, nameof(Backward));
        if (!_hasGradient.AsSpan().Contains(true))
            throw new InvalidOperationException("TrainingSession.Backward: no output has a gradient since Forward; expected Loss, or " +
                "OutputGradient, before.");
        for (int i = 0; i < _hasGradient.Length; i++)
        {
            if (!_hasGradient[i])
                _plan.OutputGradient(Samples, i).Clear();
        }

        if (accumulate && _sum is null)
            _sum = new AlignedBuffer<float>(Gradients.All.Length);
        if (accumulate)
            Gradients.All.CopyTo(_sum!.Span);
        _plan.Backward(Inputs, _step - 1);
        if (accumulate)
            AddSum();
        _phase = Phase.Backward;
    }

    /// <summary>
    /// Moves the moving statistics of the model towards those of the last batch, which <see cref="OptimizerState.Step(TrainingSession,
    /// float)"/> does by itself where this was not called after the last Forward.
    /// </summary>
    /// <exception cref="InvalidOperationException">Forward was not called, or a parameter is trained that was frozen when the session was
    /// created.</exception>
    public void MoveStatistics()
    {
        if (_phase == Phase.Nothing)
            throw new InvalidOperationException("TrainingSession.MoveStatistics: there was no Forward; expected one before.");
        RequireAsCreated("TrainingSession.MoveStatistics");
        if (!_isInference)
            MovingStatistics.Move(_model.Parameters, Gradients);
        HasMovedStatistics = true;
    }

    /// <summary>The gradient of a parameter after Backward.</summary>
    /// <param name="parameter">A trainable parameter of the model that leads to an output.</param>
    /// <returns>As many values as the parameter has.</returns>
    /// <exception cref="ArgumentException">It has no gradient.</exception>
    /// <exception cref="InvalidOperationException">Backward was not called, or a parameter is trained that was frozen when the session was
    /// created.</exception>
    public ReadOnlySpan<float> Gradient(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Require(Phase.Backward, nameof(Gradient));
        RequireAsCreated("TrainingSession.Gradient");
        return Gradients.Contains(parameter) && parameter.Trainable && !parameter.Info.IsStatistic
            ? Gradients[parameter]
            : throw new ArgumentException(
                $"TrainingSession.Gradient: '{parameter.Name}' has no gradient; expected a trainable parameter of " +
                "this model, no statistic, that leads to an output.", nameof(parameter));
    }

    /// <summary>What the last Forward computed of a layer of <see cref="TrainingSessionOptions.Values"/>, or was given as input.</summary>
    /// <param name="name">The name of the input or layer.</param>
    /// <returns>The values of the samples, one after the other.</returns>
    /// <exception cref="ArgumentException">It is not among the values that were named.</exception>
    /// <exception cref="InvalidOperationException">Forward was not called.</exception>
    public ReadOnlySpan<float> Value(string name)
    {
        ValueInfo value = KeptValue(name);
        if (_phase == Phase.Nothing)
            throw new InvalidOperationException("TrainingSession.Value: there was no Forward; expected one before.");
        return _plan.Kept(value, Inputs);
    }

    /// <summary>
    /// The gradient of the loss by an input or inner value of <see cref="TrainingSessionOptions.Values"/>; of a layer that only changes
    /// the shape, that of what it reads.
    /// </summary>
    /// <param name="name">The name of the input or layer.</param>
    /// <returns>The values of the samples, one after the other.</returns>
    /// <exception cref="ArgumentException">It is not among the values that were named.</exception>
    /// <exception cref="InvalidOperationException">Backward was not called.</exception>
    public ReadOnlySpan<float> ValueGradient(string name)
    {
        ValueInfo value = KeptValue(name);
        Require(Phase.Backward, nameof(ValueGradient));
        return _plan.KeptGradient(value, Samples);
    }

    /// <summary>
    /// The inputs and layers that <see cref="TrainingSessionOptions.Values"/> may name with the losses of these options: those that lead to
    /// what the losses read through operations that all have a gradient.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The losses; nothing else matters.</param>
    /// <returns>The names, in the order of <see cref="Model.Layers"/>.</returns>
    /// <exception cref="ArgumentException">A loss does not belong to its output.</exception>
    public static IReadOnlyList<string> ValuesWithGradient(Model model, TrainingSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Graph graph = LossesOf(model, options ?? new TrainingSessionOptions())?.Graph ?? model.Graph;
        ValueInfo[] values = [.. graph.Inputs.Concat(graph.Nodes.Select(node => node.Output))];
        bool[] wanted = GradientNeedsAnalysis.Values(graph, values);
        HashSet<string> names = [.. values.Where(value => wanted[value.Id]).Select(value => value.Name)];
        return [.. model.Layers.Select(layer => layer.Name).Where(names.Contains)];
    }

    /// <summary>Throws unless the last call was Backward, and it computed the gradients of all that is trained.</summary>
    /// <exception cref="InvalidOperationException">It was not, or did not.</exception>
    internal void RequireBackward(string who)
    {
        if (_phase != Phase.Backward)
            throw new InvalidOperationException($"{who}: there was no Backward since the last Forward; expected one.");
        RequireAsCreated(who);
    }

    /// <summary>Computes the outputs of a batch, whose inputs are read where they lie.</summary>
    internal void Forward(Batch batch)
    {
        for (int i = 0; i < _given.Length; i++)
            _given[i] = batch.InputMemory(i);
        Forward(batch.Count);
    }

    /// <summary>Computes one of the losses of a batch.</summary>
    internal LossSum Run(int index, Batch batch, float scale) =>
        Run(index, batch.Labels(_targets[index]), batch.Values(_targets[index]), batch.SampleWeights, scale);

    /// <summary>
    /// How many samples of the batch the output of the first loss has right, of those that count; null where it is no classifier's.
    /// </summary>
    internal int? CountCorrect(Batch batch, out int counted) =>
        _losses[0].CountCorrect(batch.Count, Output(), batch.Labels(_targets[0]), out counted);

    internal ILoss LossOf(int index) => _losses[index].Loss;

    private static ModelLosses? LossesOf(Model model, TrainingSessionOptions options) =>
        options.Losses.Count == 0 ? null : new ModelLosses("TrainingSession", model, options.Losses);

    private static Graph WithoutDropout(Graph graph) => graph with
    {
        Nodes = [.. graph.Nodes.Select(node => node.Operation switch
        {
            DropoutOperation dropout => node with { Operation = dropout with { Rate = 0 } },
            SpatialDropoutOperation dropout => node with { Operation = dropout with { Rate = 0 } },
            _ => node,
        })],
    };

    private static TrainingSessionOptions Checked(TrainingSessionOptions options)
    {
        OptionCheck.AtLeast("TrainingSession", nameof(options.MaxBatch), options.MaxBatch, 1);
        OptionCheck.AtLeast("TrainingSession", nameof(options.MaxThreads), options.MaxThreads, 0);
        OptionCheck.Defined("TrainingSession", options.ConvAlgorithm);
        return options;
    }

    private static ValueInfo Find(Graph graph, string name)
    {
        ValueInfo value = graph.Inputs.Concat(graph.Nodes.Select(node => node.Output)).FirstOrDefault(value => value.Name == name)
            ?? throw new ArgumentException($"TrainingSession: there is no input or layer '{name}'; Model.Layers lists them.");
        HashSet<int> needed = [.. graph.Outputs.Select(output => output.Id)];
        foreach (Node node in graph.Nodes.Reverse().Where(node => needed.Contains(node.Output.Id)))
            needed.UnionWith(node.Inputs.Select(input => input.Id));
        return needed.Contains(value.Id)
            ? value
            : throw new ArgumentException($"TrainingSession: '{name}' leads to no value that a loss reads; expected one that does.");
    }

    private void Forward(int samples)
    {
        Samples = samples;
        HasMovedStatistics = false;
        _hasGradient.AsSpan().Clear();
        _plan.Forward(Inputs, _step);
        _step++;
        _phase = Phase.Forward;
    }

    private LossSum Run(int index, ReadOnlySpan<int> labels, ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float scale)
    {
        // Where the loss throws, what it has written is no gradient.
        _hasGradient[index] = false;
        LossSum sum = _losses[index].Run(new LossBatch
        {
            Scheduler = _scheduler,
            Count = Samples,
            Labels = labels,
            Values = values,
            SampleWeights = weights,
            Outputs = _plan.Output(Inputs, index),
            SampleShape = _outputs[index].Shape,
            Gradient = _plan.OutputGradient(Samples, index),
            GradientScale = scale * _weights[index],
        });
        _hasGradient[index] = true;
        return sum;
    }

    private void AddSum()
    {
        foreach (Parameter parameter in _summed)
        {
            (int offset, int length) = Gradients.PlaceOf(parameter);
            Span<float> gradient = Gradients.All.Slice(offset, length);
            _elementwise.Add(_scheduler, gradient, _sum!.Span.Slice(offset, length), gradient);
        }
    }

    private void Own(int index, ReadOnlySpan<float> input)
    {
        AlignedBuffer<float> own = _ownInputs[index] ??= new AlignedBuffer<float>(_inputs[index].ShapeFor(MaxBatch).ElementCount);
        input.CopyTo(own.Span);
        _given[index] = own.Memory[..input.Length];
    }

    private void RequireInput(int samples, int index, int length)
    {
        if (samples < 1 || samples > MaxBatch)
            throw new ArgumentOutOfRangeException(nameof(samples), samples,
                $"TrainingSession.Forward: {samples} samples were given; expected 1 to {MaxBatch}.");
        if (length != (long)samples * _inputs[index].SampleLength)
            throw new ShapeException($"TrainingSession.Forward: the input '{_inputs[index].Name}' has {length} values; expected " +
                $"{(long)samples * _inputs[index].SampleLength} for {samples} samples of {_inputs[index].Shape}.");
    }

    private void RequireTargets(int index, bool isLabels, int length, ReadOnlySpan<float> weights)
    {
        Require(Phase.Forward, nameof(Loss));
        if (_losses.Length == 0)
            throw new InvalidOperationException("TrainingSession.Loss: there is no loss; expected TrainingSessionOptions.Losses.");
        if (index < 0 || index >= _losses.Length)
            throw new ArgumentOutOfRangeException(nameof(index), index,
                $"TrainingSession.Loss: loss {index} was asked for; expected 0 to {_losses.Length - 1}.");
        IReadOnlyList<TargetInfo> taken = _taken[index] ??= LossOf(index).TargetsFor(_outputs[index].Shape);
        bool fits = false;
        for (int i = 0; i < taken.Count; i++)
            fits |= taken[i].IsLabels == isLabels && (long)taken[i].Shape.ElementCount * Samples == length;
        if (!fits)
            throw new ShapeException(
                $"TrainingSession.Loss: {length} {(isLabels ? "labels" : "values")} were given for {Samples} samples; " +
                $"{LossOf(index).GetType().Name} takes {string.Join(" or ", taken)} a sample.");
        if (weights.Length != 0 && weights.Length != Samples)
            throw new ShapeException($"TrainingSession.Loss: {weights.Length} sample weights were given; expected {Samples}.");
        foreach (float weight in weights)
        {
            if (!(float.IsFinite(weight) && weight >= 0))
                throw new ArgumentException($"TrainingSession.Loss: a sample weight is {weight}; expected finite numbers of at least 0.");
        }
    }

    private ValueInfo KeptValue(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _kept.TryGetValue(name, out ValueInfo? value)
            ? value
            : throw new ArgumentException($"TrainingSession: '{name}' is not among TrainingSessionOptions.Values; they are " +
                $"[{string.Join(", ", _kept.Keys)}].", nameof(name));
    }

    // Plans go backwards as far as something was trained when they were made.
    private void RequireAsCreated(string who)
    {
        foreach (Parameter parameter in _frozen)
        {
            if (parameter.Trainable)
                throw new InvalidOperationException($"{who}: '{parameter.Name}' was frozen when the session was created and is trained " +
                    "now; expected a session that is created after it.");
        }
    }

    private void Require(Phase phase, string method)
    {
        if (_phase != phase)
            throw new InvalidOperationException(
                $"TrainingSession.{method}: the last call was {(_phase == Phase.Nothing ? "none" : _phase)}; " +
                $"expected it after {phase}.");
    }
}
