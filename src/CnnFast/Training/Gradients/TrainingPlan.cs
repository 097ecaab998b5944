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
    private readonly TrainingPlacement _placement;
    private readonly IWorkScheduler _scheduler;
    private readonly ParameterValues[] _weights;
    private readonly PlanStep[] _forward;
    private readonly BackwardPlanStep[] _backward;
    private readonly AlignedBuffer<float> _constants;
    private readonly AlignedBuffer<float> _arena;
    private readonly AlignedBuffer<byte> _workspace;
    private readonly Operand _output;
    private readonly Operand _outputGradient;
    private readonly ulong _seed;
    private readonly ElementwiseOperators _elementwise = ElementwiseOperators.Create();
    private int _constantLength;

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph, with one input and one output, which the loss reads.</param>
    /// <param name="maxBatch">The most samples of a step.</param>
    /// <param name="seed">Decides dropout.</param>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="algorithm">How convolutions are computed.</param>
    /// <exception cref="ShapeException">Activations or gradients do not fit one buffer.</exception>
    public TrainingPlan(Graph graph, int maxBatch, ulong seed, IWorkScheduler scheduler, ConvAlgorithm algorithm)
    {
        graph = GraphCompiler.Compile(graph, GraphCompiler.TrainingPasses).Graph;
        ValueInfo output = graph.Outputs[0];
        _graph = graph;
        _seed = seed;
        _scheduler = scheduler;
        foreach (Parameter parameter in graph.Parameters)
            parameter.KeepInMemory();
        _weights = [.. graph.Nodes.Select(node => new ParameterValues(node.Parameters))];
        _placement = new TrainingPlacement(graph, output, maxBatch);
        Gradients = new ParameterGradients([.. _placement.Running.SelectMany(index => graph.Nodes[index].Parameters)]);
        _forward = [.. CreateForward(maxBatch, algorithm)];
        _backward = [.. CreateBackward(maxBatch, algorithm)];
        _constants = new AlignedBuffer<float>(_constantLength);
        _arena = new AlignedBuffer<float>(_placement.ArenaLength);
        _workspace = new AlignedBuffer<byte>(WorkspaceBytes());
        _output = _placement.Value(output);
        _outputGradient = _placement.Gradient(output);
    }

    /// <summary>The gradients of the last <see cref="Backward"/>.</summary>
    public ParameterGradients Gradients { get; }

    /// <summary>What the last <see cref="Forward"/> computed for n samples; <see cref="Backward"/> writes over it.</summary>
    public ReadOnlySpan<float> Output(int n) => _arena.Span.Slice(_output.Offset, _output.Length(n));

    /// <summary>Where the gradient of the loss by the output goes before <see cref="Backward"/>; empty where nothing needs it.</summary>
    public Span<float> OutputGradient(int n) =>
        _outputGradient.Place == OperandPlace.None ? default : _arena.Span.Slice(_outputGradient.Offset, _outputGradient.Length(n));

    /// <summary>Computes the output with the weights as they are now.</summary>
    /// <param name="n">Samples.</param>
    /// <param name="input">Their input.</param>
    /// <param name="step">The training step, for dropout.</param>
    public void Forward(int n, ReadOnlySpan<float> input, ulong step)
    {
        PrepareConstants();
        var values = new ValueMemory(n, input, default);
        var context = new ForwardContext(_scheduler, values, _arena.Span, _constants.Span, _workspace.Span, new RandomKey(_seed, step),
            Gradients.All);
        StepLoop.Run(_forward, ref context, default(Unobserved), CancellationToken.None);
    }

    /// <summary>Computes the gradients from that of the output, after a <see cref="Forward"/> of the same samples and step.</summary>
    /// <param name="n">Samples.</param>
    /// <param name="input">Their input.</param>
    /// <param name="step">The training step, for dropout.</param>
    public void Backward(int n, ReadOnlySpan<float> input, ulong step)
    {
        var values = new ValueMemory(n, input, default);
        var context = new BackwardContext(_scheduler, values, _arena.Span, _constants.Span, _workspace.Span, new RandomKey(_seed, step),
            Gradients.All);
        foreach (BackwardPlanStep plan in _backward)
        {
            context.Enter(plan.Operands);
            plan.Step.Run(context);
            foreach ((Operand target, Operand addend) in plan.Accumulations)
                _elementwise.Add(_scheduler, context.Read(target), context.Read(addend), context.Write(target));
        }
    }

    private void PrepareConstants()
    {
        Span<float> constants = _constants.Span;
        foreach (PlanStep plan in _forward)
            plan.Step.PrepareConstants(_weights[plan.NodeIndex], plan.ConstantsIn(constants));
        foreach (BackwardPlanStep plan in _backward)
            plan.Step.PrepareConstants(_weights[plan.Operands.NodeIndex], plan.ConstantsIn(constants));
    }

    private IEnumerable<PlanStep> CreateForward(int maxBatch, ConvAlgorithm algorithm)
    {
        foreach (int i in _placement.Running)
        {
            Node node = _graph.Nodes[i];
            ForwardStep step = node.Operation.CreateTrainingForward(node.ShapesFor(maxBatch, algorithm),
                GradientNeedsAnalysis.Of(node, _placement.Wanted));
            var operands = new ForwardOperands([.. node.Inputs.Select(_placement.Value)], _placement.Value(node.Output), i)
            {
                ParameterGradients = Gradients.PlacesOf(node),
            };
            yield return new PlanStep(node.Name, node.Operation.Kind, step, node.Parameters, operands)
                .WithConstants(TakeConstants(step.ConstantLength));
        }
    }

    private IEnumerable<BackwardPlanStep> CreateBackward(int maxBatch, ConvAlgorithm algorithm)
    {
        foreach (int i in _placement.RunningBackwards)
        {
            Node node = _graph.Nodes[i];
            Operand[] written = [.. Enumerable.Range(0, node.Inputs.Count).Select(input => _placement.WrittenGradient(i, input))];
            Operand[] targets = [.. node.Inputs.Select(_placement.Gradient)];
            (Operand, Operand)[] accumulations = [.. targets.Zip(written).Where(pair => pair.First != pair.Second)];
            BackwardStep step = node.Operation.CreateBackward(node.ShapesFor(maxBatch, algorithm),
                GradientNeedsAnalysis.Of(node, _placement.Wanted));
            var operands = new BackwardOperands([.. node.Inputs.Select(_placement.Value)], _placement.Value(node.Output), written,
                _placement.Gradient(node.Output), i)
            {
                ConstantOffset = TakeConstants(step.ConstantLength),
                ConstantLength = step.ConstantLength,
                ParameterGradients = Gradients.PlacesOf(node),
            };
            yield return new BackwardPlanStep(step, operands, accumulations);
        }
    }

    private int TakeConstants(int length)
    {
        int offset = _constantLength;
        long end = offset + ArenaAlignment.RoundUp(length);
        if (end > Array.MaxLength - ArenaAlignment.Floats)
            throw new ShapeException($"Trainer: the packed weights need more than {(long)Array.MaxLength * sizeof(float)} bytes, " +
                "which is the most that one buffer can hold.");
        _constantLength = (int)end;
        return offset;
    }

    private int WorkspaceBytes() => Math.Max(
        _forward.Select(plan => plan.Step.WorkspaceBytes(_scheduler.MaxThreads)).DefaultIfEmpty().Max(),
        _backward.Select(plan => plan.Step.WorkspaceBytes(_scheduler.MaxThreads)).DefaultIfEmpty().Max());
}
