using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// A graph made ready for training: forward steps that keep what the backward steps read, the loss, and backward steps that add up the
/// gradients of values with several consumers. Owns its memory; one caller at a time. A step allocates nothing on one thread.
/// </summary>
internal sealed class TrainingPlan
{
    private readonly Graph _graph;
    private readonly TrainingPlacement _placement;
    private readonly IWorkScheduler _scheduler;
    private readonly ParameterValues[] _weights;
    private readonly PlanStep[] _forward;
    private readonly (int Offset, int Length)[][] _gradientPlaces;
    private readonly BackwardPlanStep[] _backward;
    private readonly AlignedBuffer<float> _constants;
    private readonly AlignedBuffer<float> _arena;
    private readonly AlignedBuffer<byte> _workspace;
    private readonly AlignedBuffer<float> _probabilities;
    private readonly Operand _logits;
    private readonly Operand _logitsGradient;
    private readonly ulong _seed;
    private readonly SoftmaxCrossEntropyOperator _loss = SoftmaxCrossEntropyOperator.Create();
    private readonly ElementwiseOperators _elementwise = ElementwiseOperators.Create();
    private int _constantLength;

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph, with one input.</param>
    /// <param name="logits">The value that the loss reads.</param>
    /// <param name="maxBatch">The most samples of a step.</param>
    /// <param name="seed">Decides dropout.</param>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="algorithm">How convolutions are computed.</param>
    /// <exception cref="ShapeException">Activations or gradients do not fit one buffer.</exception>
    public TrainingPlan(Graph graph, ValueInfo logits, int maxBatch, ulong seed, IWorkScheduler scheduler, ConvAlgorithm algorithm)
    {
        graph = GraphCompiler.Compile(graph, GraphCompiler.TrainingPasses).Graph;
        _graph = graph;
        _seed = seed;
        _scheduler = scheduler;
        foreach (Parameter parameter in graph.Parameters)
            parameter.KeepInMemory();
        _weights = [.. graph.Nodes.Select(node => new ParameterValues(node.Parameters))];
        _placement = new TrainingPlacement(graph, logits, maxBatch);
        Gradients = new ParameterGradients([.. _placement.Running.SelectMany(index => graph.Nodes[index].Parameters)]);
        _forward = [.. CreateForward(maxBatch, algorithm)];
        _gradientPlaces = [.. _forward.Select(plan => Gradients.PlacesOf(graph.Nodes[plan.NodeIndex]))];
        _backward = [.. CreateBackward(maxBatch, algorithm)];
        _constants = new AlignedBuffer<float>(_constantLength);
        _arena = new AlignedBuffer<float>(_placement.ArenaLength);
        _workspace = new AlignedBuffer<byte>(WorkspaceBytes());
        _probabilities = new AlignedBuffer<float>(logits.Shape.WithBatch(maxBatch).ElementCount);
        _logits = _placement.Value(logits);
        _logitsGradient = _placement.Gradient(logits);
    }

    /// <summary>The gradients of the last <see cref="Run"/>.</summary>
    public ParameterGradients Gradients { get; }

    /// <summary>The outputs of the last <see cref="Run"/>: softmax of the logits, one row a sample.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities.Span;

    /// <summary>Runs forward, loss and backward with the weights as they are now.</summary>
    /// <param name="images">The samples.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="step">The training step, for dropout.</param>
    /// <returns>The sum of the samples' losses; the gradients are those of their mean.</returns>
    public double Run(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, ulong step)
    {
        var values = new ValueMemory(labels.Length, images, default, _arena.Span);
        PrepareConstants();
        ReadOnlySpan<float> constants = _constants.Span;
        for (int i = 0; i < _forward.Length; i++)
        {
            PlanStep plan = _forward[i];
            plan.Step.Run(new ForwardContext(_scheduler, values, plan.Inputs, plan.Output, constants.Slice(plan.ConstantOffset, plan.ConstantLength), _workspace.Span, KeyOf(plan.NodeIndex, step), Gradients.All, _gradientPlaces[i]));
        }

        int classes = _logits.SampleLength;
        double loss = _loss.Run(_scheduler, labels.Length, classes, values.Read(_logits), labels, _probabilities.Span[..(labels.Length * classes)], values.Write(_logitsGradient));

        foreach (BackwardPlanStep plan in _backward)
        {
            plan.Step.Run(new BackwardContext(_scheduler, values, plan.Operands, Gradients.All, constants.Slice(plan.ConstantOffset, plan.ConstantLength), _workspace.Span, KeyOf(plan.NodeIndex, step)));
            foreach ((Operand target, Operand addend) in plan.Accumulations)
                _elementwise.Add(_scheduler, values.Read(target), values.Read(addend), values.Write(target));
        }

        return loss;
    }

    private RandomKey KeyOf(int nodeIndex, ulong step) => new(_seed ^ ((ulong)(nodeIndex + 1) * 0x9E3779B97F4A7C15UL), step);

    private void PrepareConstants()
    {
        Span<float> constants = _constants.Span;
        foreach (PlanStep plan in _forward)
            plan.Step.PrepareConstants(_weights[plan.NodeIndex], constants.Slice(plan.ConstantOffset, plan.ConstantLength));
        foreach (BackwardPlanStep plan in _backward)
            plan.Step.PrepareConstants(_weights[plan.NodeIndex], constants.Slice(plan.ConstantOffset, plan.ConstantLength));
    }

    private IEnumerable<PlanStep> CreateForward(int maxBatch, ConvAlgorithm algorithm)
    {
        foreach (int i in _placement.Running)
        {
            Node node = _graph.Nodes[i];
            ForwardStep step = node.Operation.CreateTrainingForward(node.ShapesFor(maxBatch, algorithm), GradientNeedsAnalysis.Of(node, _placement.Wanted));
            yield return new PlanStep(node.Name, node.Operation.Kind, step, node.Parameters, [.. node.Inputs.Select(_placement.Value)], _placement.Value(node.Output), TakeConstants(step.ConstantLength), i);
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
            var operands = new BackwardOperands([.. node.Inputs.Select(_placement.Value)], _placement.Value(node.Output), written, _placement.Gradient(node.Output), Gradients.PlacesOf(node));
            BackwardStep step = node.Operation.CreateBackward(node.ShapesFor(maxBatch, algorithm), GradientNeedsAnalysis.Of(node, _placement.Wanted));
            yield return new BackwardPlanStep(step, node, i, operands, accumulations, TakeConstants(step.ConstantLength));
        }
    }

    private int TakeConstants(int length)
    {
        int offset = _constantLength;
        long end = offset + ArenaAlignment.RoundUp(length);
        if (end > Array.MaxLength - ArenaAlignment.Floats)
            throw new ShapeException($"Trainer: the packed weights need more than {(long)Array.MaxLength * sizeof(float)} bytes, which is the most that one buffer can hold.");
        _constantLength = (int)end;
        return offset;
    }

    private int WorkspaceBytes() => Math.Max(
        _forward.Select(plan => plan.Step.WorkspaceBytes(_scheduler.MaxThreads)).DefaultIfEmpty().Max(),
        _backward.Select(plan => plan.Step.WorkspaceBytes(_scheduler.MaxThreads)).DefaultIfEmpty().Max());
}
