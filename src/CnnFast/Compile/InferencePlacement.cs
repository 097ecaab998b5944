using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Decides which nodes run in inference and where their values live: views share memory, nodes that the output does not need are left
/// out, and memory is reused as soon as its last reader has run.
/// </summary>
internal sealed class InferencePlacement
{
    private readonly Graph _graph;
    private readonly ValueInfo _output;
    private readonly int _maxBatch;
    private readonly ConvAlgorithm _algorithm;
    private readonly int[] _roots;
    private readonly List<int> _running;
    private readonly Dictionary<int, int> _offsets;

    public InferencePlacement(Graph graph, ValueInfo output, int maxBatch, ConvAlgorithm algorithm)
    {
        _graph = graph;
        _output = output;
        _maxBatch = maxBatch;
        _algorithm = algorithm;
        _roots = ValueRoots.Of(graph, training: false);
        _running = RunningNodes.Of(graph, output, _roots, training: false);
        (_offsets, ArenaLength) = MemoryPlanner.Plan(Lifetimes(), "The model");
    }

    /// <summary>Floats of the arena.</summary>
    public int ArenaLength { get; }

    private int OutputRoot => _roots[_output.Id];

    private bool OutputIsInput => OutputRoot == _graph.Inputs[0].Id;

    /// <summary>Creates the steps in order.</summary>
    public PlanStep[] CreateSteps()
    {
        var steps = new List<PlanStep>();
        long constants = 0;
        foreach (int index in _running)
        {
            Node node = _graph.Nodes[index];
            ForwardStep step = node.Operation.CreateForward(node.ShapesFor(_maxBatch, _algorithm));
            steps.Add(new PlanStep(node.Name, step, node.Parameters, [.. node.Inputs.Select(Place)], Place(node.Output), (int)constants, index));
            constants += ArenaAlignment.RoundUp(step.ConstantLength);
            if (constants > Array.MaxLength - ArenaAlignment.Floats)
                throw new ShapeException($"The model's packed weights need more than {(long)Array.MaxLength * sizeof(float)} bytes, which is the most that one buffer can hold.");
        }

        if (OutputIsInput)
            steps.Add(new PlanStep(_output.Name, new CopyForwardStep(), [], [Place(_graph.Inputs[0])], new Operand(OperandPlace.CallerOutput, 0, _output.SampleLength), 0, -1));
        return [.. steps];
    }

    private Operand Place(ValueInfo value)
    {
        int root = _roots[value.Id];
        if (root == _graph.Inputs[0].Id)
            return new Operand(OperandPlace.CallerInput, 0, value.SampleLength);
        return root == OutputRoot
            ? new Operand(OperandPlace.CallerOutput, 0, value.SampleLength)
            : new Operand(OperandPlace.Arena, _offsets[root], value.SampleLength);
    }

    private Dictionary<int, ValueLifetime>.ValueCollection Lifetimes()
    {
        var lifetimes = new Dictionary<int, ValueLifetime>();
        for (int step = 0; step < _running.Count; step++)
        {
            Node node = _graph.Nodes[_running[step]];
            foreach (ValueInfo input in node.Inputs)
            {
                int root = _roots[input.Id];
                if (lifetimes.TryGetValue(root, out ValueLifetime lifetime))
                    lifetimes[root] = lifetime with { Last = step };
            }

            if (node.Output.Id != OutputRoot)
                lifetimes.Add(node.Output.Id, new ValueLifetime(node.Output.Id, (long)node.Output.SampleLength * _maxBatch, step, step));
        }

        return lifetimes.Values;
    }
}
