using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Training;

namespace CnnFast.Verification;

/// <summary>A training step of the kernels that keeps all values and their gradients.</summary>
internal sealed class TrainedStep
{
    /// <summary>The training step that the random numbers are of.</summary>
    public const ulong Step = 0;

    private readonly Graph _graph;
    private readonly int _batch;
    private readonly TrainingPlan _plan;
    private readonly HashSet<int> _kept;
    private ReadOnlyMemory<float>[] _inputs = [];

    public TrainedStep(Graph graph, int batch, GradientCheckOptions options)
    {
        _graph = graph;
        _batch = batch;
        List<int> running = RunningNodes.Of(graph, graph.Outputs, ValueRoots.Of(graph, training: true), training: true);
        Nodes = running;
        ValueInfo[] kept = Kept(graph, running);
        _kept = [.. kept.Select(value => value.Id)];
        _plan = new TrainingPlan(graph,
            new TrainingPlanOptions(batch, options.Seed, WorkScheduler.Create(options.MaxThreads), options.ConvAlgorithm)
            {
                Kept = kept,
            });
    }

    /// <summary>Nodes with a forward step, in order.</summary>
    public IReadOnlyList<int> Nodes { get; }

    private ValueMemory Given => new(_batch, _inputs, default);

    /// <summary>Whether a value and its gradient are there after the step.</summary>
    public bool IsKept(ValueInfo value) => _kept.Contains(value.Id);

    /// <summary>Whether training changes a parameter.</summary>
    public bool HasGradient(Parameter parameter) => parameter.Trainable && _plan.Gradients.Contains(parameter);

    /// <summary>The gradient of a parameter; of a statistic the batch's value at one of the running nodes that hold it.</summary>
    public ReadOnlySpan<float> Gradient(Parameter parameter, int use = 0) => _plan.Gradients.MemoryOf(parameter, use).Span;

    /// <summary>What the step computed.</summary>
    public float[] Value(ValueInfo value) => (IsKept(value) ? _plan.Kept(value, Given) : _plan.Output(Given, OutputOf(value))).ToArray();

    /// <summary>The gradient of a kept value.</summary>
    public ReadOnlySpan<float> Gradient(ValueInfo value) => _plan.KeptGradient(value, _batch);

    /// <summary>Computes the outputs.</summary>
    public void Forward(ReadOnlyMemory<float>[] inputs)
    {
        _inputs = inputs;
        _plan.Forward(Given, Step);
    }

    /// <summary>Computes the gradients from those of the outputs.</summary>
    public void Backward(float[][] outputGradients)
    {
        for (int output = 0; output < outputGradients.Length; output++)
        {
            Span<float> gradient = _plan.OutputGradient(_batch, output);
            if (!gradient.IsEmpty)
                outputGradients[output].CopyTo(gradient);
        }

        _plan.Backward(Given, Step);
    }

    // The inputs behind which everything has a gradient, and all values that gradients flow through.
    private static ValueInfo[] Kept(Graph graph, List<int> running)
    {
        ValueInfo[] inputs = [.. graph.Inputs.Where(input => CanGoBack(graph, running, input))];
        bool[] wanted = GradientNeedsAnalysis.Values(graph, inputs);
        return [.. inputs, .. running.Select(index => graph.Nodes[index].Output).Where(value => wanted[value.Id])];
    }

    private static bool CanGoBack(Graph graph, List<int> running, ValueInfo input)
    {
        if (input.Type != ElementType.Float32)
            return false;
        var reached = new bool[graph.ValueCount];
        reached[input.Id] = true;
        bool isUsed = false;
        for (int index = 0; index < graph.Nodes.Count; index++)
        {
            Node node = graph.Nodes[index];
            if (!node.Inputs.Any(value => reached[value.Id]))
                continue;
            reached[node.Output.Id] = true;
            bool runs = running.Contains(index);
            isUsed |= runs;
            if (runs && !node.Operation.HasGradient)
                return false;
        }

        return isUsed;
    }

    private int OutputOf(ValueInfo value)
    {
        for (int i = 0; i < _graph.Outputs.Count; i++)
        {
            if (_graph.Outputs[i].Id == value.Id)
                return i;
        }

        return -1;
    }
}
