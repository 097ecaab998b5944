using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>
/// Places the values and gradients of a training step in one arena. A value lives from its forward step to the backward step of its own
/// node; a gradient from the backward step of its last consumer to that of its own node. Where a value has several consumers, all but the
/// first write to a scratch place that is then added.
/// </summary>
internal sealed class TrainingPlacement
{
    private readonly Graph _graph;
    private readonly int _maxBatch;
    private readonly int[] _roots;
    private readonly List<int> _running;
    private readonly bool[] _wanted;
    private readonly int _lossTime;
    private readonly Dictionary<int, ValueLifetime> _lifetimes = [];
    private readonly Dictionary<(int Node, int Input), int> _gradientSlots = [];
    private readonly MemoryPlan _memory;
    private int _nextScratch;

    public TrainingPlacement(Graph graph, ValueInfo output, int maxBatch)
    {
        _graph = graph;
        _maxBatch = maxBatch;
        _roots = ValueRoots.Of(graph, training: true);
        _wanted = GradientNeedsAnalysis.Values(graph);
        _running = RunningNodes.Of(graph, [output], _roots, training: true);
        _lossTime = graph.Nodes.Count;
        _nextScratch = 2 * graph.ValueCount;
        PlaceForward(output);
        PlaceBackward(output);
        _memory = MemoryPlanner.Plan(_lifetimes.Values, "Training the model");
    }

    /// <summary>Nodes that have a forward step: those that the output depends on, in order, views left out.</summary>
    public IReadOnlyList<int> Running => _running;

    /// <summary>Nodes that have a backward step too, in its order.</summary>
    public IEnumerable<int> RunningBackwards => _running.AsEnumerable().Reverse().Where(index => _wanted[_graph.Nodes[index].Output.Id]);

    /// <summary>Floats of the arena.</summary>
    public int ArenaLength => _memory.Length;

    /// <summary>Which values' gradients are wanted.</summary>
    public bool[] Wanted => _wanted;

    /// <summary>Where a value is.</summary>
    public Operand Value(ValueInfo value)
    {
        int root = _roots[value.Id];
        return root == _graph.Inputs[0].Id
            ? new Operand(OperandPlace.CallerInput, 0, value.SampleLength)
            : new Operand(OperandPlace.Arena, _memory.Offsets[root], value.SampleLength);
    }

    /// <summary>Where the gradient of a value is.</summary>
    public Operand Gradient(ValueInfo value) => _wanted[value.Id]
        ? new Operand(OperandPlace.Arena, _memory.Offsets[GradientId(value)], value.SampleLength)
        : Operand.None;

    /// <summary>Where a node writes the gradient of one of its inputs: the gradient itself, or scratch.</summary>
    public Operand WrittenGradient(int nodeIndex, int input)
    {
        ValueInfo value = _graph.Nodes[nodeIndex].Inputs[input];
        return _wanted[value.Id]
            ? new Operand(OperandPlace.Arena, _memory.Offsets[_gradientSlots[(nodeIndex, input)]], value.SampleLength)
            : Operand.None;
    }

    private int GradientId(ValueInfo value) => _graph.ValueCount + _roots[value.Id];

    private int BackwardTime(int nodeIndex) => _lossTime + _graph.Nodes.Count - nodeIndex;

    private void PlaceForward(ValueInfo output)
    {
        foreach (int i in _running)
            Extend(_graph.Nodes[i].Output.Id, _graph.Nodes[i].Output, i, BackwardTime(i));

        int root = _roots[output.Id];
        if (_lifetimes.TryGetValue(root, out ValueLifetime lifetime))
            _lifetimes[root] = lifetime with { Last = Math.Max(lifetime.Last, _lossTime) };
    }

    private void PlaceBackward(ValueInfo output)
    {
        if (_wanted[output.Id])
            Extend(GradientId(output), output, _lossTime, _lossTime);
        foreach (int i in RunningBackwards)
        {
            Node node = _graph.Nodes[i];
            int time = BackwardTime(i);
            Extend(GradientId(node.Output), node.Output, time, time);
            for (int input = 0; input < node.Inputs.Count; input++)
            {
                ValueInfo value = node.Inputs[input];
                if (_wanted[value.Id])
                    _gradientSlots.Add((i, input),
                        _lifetimes.ContainsKey(GradientId(value)) ? Scratch(value, time) : Extend(GradientId(value), value, time, time));
            }
        }
    }

    private int Scratch(ValueInfo value, int time) => Extend(_nextScratch++, value, time, time);

    private int Extend(int id, ValueInfo value, int first, int last)
    {
        ValueLifetime lifetime = _lifetimes.TryGetValue(id, out ValueLifetime known)
            ? known with { First = Math.Min(known.First, first), Last = Math.Max(known.Last, last) }
            : new ValueLifetime(id, (long)value.SampleLength * _maxBatch, first, last);
        _lifetimes[id] = lifetime;
        return id;
    }
}
