using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// A graph made ready for training: forward steps that keep what the backward steps read, and backward steps that add up the
/// gradients of values with several consumers. Owns its memory; one caller at a time. A step allocates nothing on one thread.
/// </summary>
internal sealed class TrainingPlan
{
    private readonly Graph _graph;
    private readonly Dictionary<int, int> _streams;
    private readonly TrainingPlacement _placement;
    private readonly IWorkScheduler _scheduler;
    private readonly ParameterValues[] _weights;
    private readonly PlanStep[] _forward;
    private readonly BackwardPlanStep[] _backward;
    private readonly AlignedBuffer<float> _constants;
    private readonly AlignedBuffer<float> _arena;
    private readonly AlignedBuffer<byte> _workspace;
    private readonly Operand[] _outputs;
    private readonly Operand[] _outputGradients;
    private readonly (Operand Target, Operand Addend)[] _outputSums;
    private readonly Dictionary<int, (Operand Value, Operand Gradient)> _kept = [];
    private readonly TrainingPlanOptions _options;
    private readonly ElementwiseOperators _elementwise = ElementwiseOperators.Create();
    private int _stepConstants;

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph; its outputs are the values that losses read, one may come twice.</param>
    /// <param name="options">What the plan is made for.</param>
    /// <exception cref="ShapeException">Activations or gradients do not fit one buffer.</exception>
    public TrainingPlan(Graph graph, TrainingPlanOptions options)
    {
        graph = GraphCompiler.Compile(graph, GraphCompiler.TrainingPasses).Graph;
        _streams = graph.Nodes.Index().ToDictionary(node => node.Item.Output.Id, node => node.Index);
        graph = GraphCompiler.Compile(graph, [new MoveActivations(options.Kept), new FuseNormalization(options.Kept)]).Graph;
        _graph = graph;
        _options = options;
        _scheduler = options.Scheduler;
        foreach (Parameter parameter in graph.Parameters)
            parameter.KeepInMemory();
        _weights = [.. graph.Nodes.Select(node => new ParameterValues(node.Parameters))];
        _placement = new TrainingPlacement(graph, options.Kept, options.MaxBatch);
        Gradients = new ParameterGradients(graph, _placement.Running);
        _forward = [.. CreateForward()];
        _backward = [.. CreateBackward()];
        _constants = new AlignedBuffer<float>(ConstantLength(_stepConstants));
        foreach ((ConstantOperation constant, int offset) in _placement.Constants)
            constant.Values.Span.CopyTo(_constants.Span[offset..]);
        _arena = new AlignedBuffer<float>(_placement.ArenaLength);
        _workspace = new AlignedBuffer<byte>(WorkspaceBytes());
        _outputs = [.. graph.Outputs.Select(_placement.Value)];
        _outputGradients = [.. Enumerable.Range(0, _outputs.Length).Select(_placement.OutputGradient)];
        _outputSums = [.. graph.Outputs.Select(_placement.Gradient).Zip(_outputGradients).Where(pair => pair.First != pair.Second)];
        foreach (ValueInfo value in options.Kept)
            _kept[value.Id] = (_placement.Value(value), _placement.KeptGradient(value));
    }

    /// <summary>The gradients of the last <see cref="Backward"/>.</summary>
    public ParameterGradients Gradients { get; }

    /// <summary>The most samples of a step.</summary>
    public int MaxBatch => _options.MaxBatch;

    /// <summary>What the last <see cref="Forward"/> computed of the same inputs; <see cref="Backward"/> writes over it.</summary>
    public ReadOnlySpan<float> Output(scoped in ValueMemory values, int output = 0) => Read(values, _outputs[output]);

    /// <summary>
    /// Where the gradient of the loss by an output goes before <see cref="Backward"/>; empty where nothing needs it.
    /// </summary>
    public Span<float> OutputGradient(int n, int output = 0) => Arena(_outputGradients[output], n);

    /// <summary>What the last <see cref="Forward"/> of the same inputs computed of a kept value, or was given as it.</summary>
    public ReadOnlySpan<float> Kept(ValueInfo value, scoped in ValueMemory values) => Read(values, _kept[value.Id].Value);

    /// <summary>The gradient of a kept value after the last <see cref="Backward"/>.</summary>
    public ReadOnlySpan<float> KeptGradient(ValueInfo value, int n) => Arena(_kept[value.Id].Gradient, n);

    /// <summary>Computes the outputs with the weights as they are now.</summary>
    /// <param name="values">The inputs of the samples.</param>
    /// <param name="step">The training step, for dropout.</param>
    public void Forward(in ValueMemory values, ulong step)
    {
        var context = new ForwardContext(_scheduler, values, _arena.Span, _constants.Span, _workspace.Span,
            new RandomKey(_options.Seed, step), Gradients.All, _weights);
        foreach (PlanStep plan in _forward)
        {
            plan.Step.PackConstants(_weights[plan.NodeIndex], plan.ConstantsIn(_constants.Span), Packing);
            context.Enter(plan.Operands);
            plan.Step.Run(context);
        }
    }

    /// <summary>Computes the gradients from those of the outputs, after a <see cref="Forward"/> of the same samples and step.</summary>
    /// <param name="values">The inputs of the samples.</param>
    /// <param name="step">The training step, for dropout.</param>
    public void Backward(in ValueMemory values, ulong step)
    {
        var context = new BackwardContext(_scheduler, values, _arena.Span, _constants.Span, _workspace.Span,
            new RandomKey(_options.Seed, step), Gradients.All, _weights);
        Accumulate(context, _outputSums);
        foreach (BackwardPlanStep plan in _backward)
        {
            foreach ((Operand from, Operand to) in plan.Copies)
                context.Read(from).CopyTo(context.Write(to));
            plan.Step.PackConstants(_weights[plan.Operands.NodeIndex], plan.ConstantsIn(_constants.Span), Packing);
            context.Enter(plan.Operands);
            plan.Step.Run(context);
            Accumulate(context, plan.Accumulations);
        }

        Gradients.AddUses(_elementwise, _scheduler);
    }

    private void Accumulate(in BackwardContext context, (Operand Target, Operand Addend)[] accumulations)
    {
        foreach ((Operand target, Operand addend) in accumulations)
            _elementwise.Add(_scheduler, context.Read(target), context.Read(addend), context.Write(target));
    }

    // A value that only changes the shape of an input lies where the caller's input lies, a constant beside the weights.
    private ReadOnlySpan<float> Read(scoped in ValueMemory values, Operand operand)
    {
        ValueMemory memory = values;
        memory.Use(_arena.Span, _constants.Span);
        return memory.Read(operand);
    }

    private Span<float> Arena(Operand operand, int n) =>
        operand.Place == OperandPlace.None ? default : _arena.Span.Slice(operand.Offset, operand.Length(n));

    private IEnumerable<PlanStep> CreateForward()
    {
        foreach (int i in _placement.Running)
        {
            Node node = _graph.Nodes[i];
            ForwardStep step = node.Operation.CreateTrainingForward(ShapesOf(node), NeedsOf(node));
            var operands = new ForwardOperands([.. node.Inputs.Select(_placement.Value)], _placement.Value(node.Output), i)
            {
                ParameterGradients = Gradients.PlacesOf(i),
                Samples = SamplesOf(node),
                Stream = _streams.GetValueOrDefault(node.Output.Id, i),
            };
            yield return new PlanStep(node.Name, node.Operation.Kind, step, node.Parameters, operands)
                .WithConstants(TakeConstants(step.ConstantLength));
        }
    }

    private IEnumerable<BackwardPlanStep> CreateBackward()
    {
        foreach (int i in _placement.RunningBackwards)
        {
            Node node = _graph.Nodes[i];
            Operand[] written = [.. Enumerable.Range(0, node.Inputs.Count).Select(input => _placement.WrittenGradient(i, input))];
            Operand[] targets = [.. node.Inputs.Select(_placement.Gradient)];
            (Operand, Operand)[] accumulations = [.. targets.Zip(written).Where(pair => pair.First != pair.Second)];
            BackwardStep step = node.Operation.CreateBackward(ShapesOf(node), NeedsOf(node));
            var operands = new BackwardOperands([.. node.Inputs.Select(_placement.Value)], _placement.Value(node.Output), written,
                _placement.Gradient(node.Output), i)
            {
                ConstantOffset = TakeConstants(step.ConstantLength),
                ConstantLength = step.ConstantLength,
                ParameterGradients = Gradients.PlacesOf(i),
                Samples = SamplesOf(node),
                Stream = _streams.GetValueOrDefault(node.Output.Id, i),
            };
            (Operand, Operand)[] copies = [.. _placement.CopiedBefore(i, _options.Kept)
                .Select(value => (_placement.Gradient(value), _placement.KeptGradient(value)))];
            yield return new BackwardPlanStep(step, operands, accumulations, copies);
        }
    }

    private NodeShapes ShapesOf(Node node) => node.ShapesFor(_options.MaxBatch, _options.Algorithm) with { ReadsParameters = true };

    private GradientNeeds NeedsOf(Node node)
    {
        GradientNeeds needs = GradientNeedsAnalysis.Of(node, _placement.Wanted);
        return _options.Inference ? needs & ~GradientNeeds.Statistics : needs;
    }

    private static int SamplesOf(Node node) => node.Output.IsWhole ? node.Output.Shape[0] : 0;

    // Every step packs its weights right before it runs, all in the same place behind the graph's constants: they are in the caches then,
    // and take no memory beside those of another step.
    private int TakeConstants(int length)
    {
        _stepConstants = Math.Max(_stepConstants, length);
        _ = ConstantLength(length);
        return _placement.ConstantLength;
    }

    private int ConstantLength(int ofStep)
    {
        long end = _placement.ConstantLength + ArenaAlignment.RoundUp(ofStep);
        return end <= Array.MaxLength - ArenaAlignment.Floats
            ? (int)end
            : throw new ShapeException($"Trainer: the packed weights of a layer need more than {(long)Array.MaxLength * sizeof(float)} " +
                "bytes, which is the most that one buffer can hold.");
    }

    private ConstantPacking Packing => new(_scheduler, KeepsDenormals: false);

    private int WorkspaceBytes() => Math.Max(
        _forward.Select(plan => plan.Step.WorkspaceBytes(_scheduler.MaxThreads)).DefaultIfEmpty().Max(),
        _backward.Select(plan => plan.Step.WorkspaceBytes(_scheduler.MaxThreads)).DefaultIfEmpty().Max());
}
