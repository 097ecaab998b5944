using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>
/// Places the values and gradients of a training step in one arena. A value lives from its forward step to the backward step of its own
/// node; a gradient from the backward step of its last consumer to that of its own node. Where a value has several consumers, all but the
/// first write to a scratch place that is then added. Values that callers ask for, and their gradients, stay to the end of the step.
/// </summary>
internal sealed class TrainingPlacement
{
    private readonly Graph _graph;
    private readonly int _maxBatch;
    private readonly int[] _roots;
    private readonly List<int> _running;
    private readonly bool[] _wanted;
    private readonly int _lossTime;
    private readonly int _end;
    private readonly Dictionary<int, ValueLifetime> _lifetimes = [];
    private readonly Dictionary<int, int> _constantOffsets = [];
    private readonly Dictionary<(int Node, int Input), int> _gradientSlots = [];
    private readonly List<int> _outputSlots = [];
    private readonly Dictionary<int, (int Slot, int Node)> _copies = [];
    private readonly MemoryPlan _memory;
    private int _nextScratch;

    /// <summary>Places a graph.</summary>
    /// <param name="graph">The graph; its outputs are what the losses read, one may come twice.</param>
    /// <param name="kept">Inputs and inner values that lead to an output, to be read after the step with their gradients.</param>
    /// <param name="maxBatch">The most samples of a step.</param>
    public TrainingPlacement(Graph graph, IReadOnlyList<ValueInfo> kept, int maxBatch)
    {
        _graph = graph;
        _maxBatch = maxBatch;
        _roots = ValueRoots.Of(graph, training: true);
        _wanted = GradientNeedsAnalysis.Values(graph, kept);
        _running = RunningNodes.Of(graph, graph.Outputs, _roots, training: true);
        PlaceConstants();
        _lossTime = graph.Nodes.Count;
        _end = (2 * graph.Nodes.Count) + 1;
        _nextScratch = 2 * graph.ValueCount;
        PlaceForward();
        PlaceBackward();
        foreach (ValueInfo value in kept)
            Keep(value);
        _memory = MemoryPlanner.Plan(_lifetimes.Values, "Training the model");
    }

    /// <summary>Nodes that have a forward step: those that the output depends on, in order, views left out.</summary>
    public IReadOnlyList<int> Running => _running;

    /// <summary>Nodes that have a backward step too, in its order.</summary>
    public IEnumerable<int> RunningBackwards => _running.AsEnumerable().Reverse()
        .Where(index => _wanted[_graph.Nodes[index].Output.Id] && GradientNeedsAnalysis.GoesBack(_graph.Nodes[index], _wanted));

    /// <summary>The constants and where they are, in floats from the start of the plan's.</summary>
    public List<(ConstantOperation Constant, int Offset)> Constants { get; } = [];

    /// <summary>Floats of the constants; those of the steps follow.</summary>
    public int ConstantLength { get; private set; }

    /// <summary>Floats of the arena.</summary>
    public int ArenaLength => _memory.Length;

    /// <summary>Which values' gradients are wanted.</summary>
    public bool[] Wanted => _wanted;

    /// <summary>Where a value is.</summary>
    public Operand Value(ValueInfo value)
    {
        if (_constantOffsets.TryGetValue(_roots[value.Id], out int offset))
            return Place(OperandPlace.Constant, offset, value);
        int input = InputOf(value);
        return input >= 0
            ? Place(OperandPlace.CallerInput, input, value)
            : Place(OperandPlace.Arena, _memory.Offsets[_roots[value.Id]], value);
    }

    /// <summary>Which of the inputs a value is, under whatever shape; −1 where it is computed.</summary>
    public int InputOf(ValueInfo value)
    {
        int root = _roots[value.Id];
        for (int i = 0; i < _graph.Inputs.Count; i++)
        {
            if (_graph.Inputs[i].Id == root)
                return i;
        }

        return -1;
    }

    /// <summary>
    /// Where the loss of an output writes its gradient: the gradient itself, or scratch that is to be added to it before the first
    /// backward step, where an earlier output is the same value.
    /// </summary>
    public Operand OutputGradient(int output) => _outputSlots[output] < 0
        ? Operand.None
        : Place(OperandPlace.Arena, _memory.Offsets[_outputSlots[output]], _graph.Outputs[output]);

    /// <summary>Where the gradient of a kept value is at the end.</summary>
    public Operand KeptGradient(ValueInfo value) => _copies.TryGetValue(value.Id, out (int Slot, int Node) copy)
        ? Place(OperandPlace.Arena, _memory.Offsets[copy.Slot], value)
        : Gradient(value);

    /// <summary>The kept values whose gradients are to be copied before the backward step of a node, which may overwrite them.</summary>
    public IEnumerable<ValueInfo> CopiedBefore(int nodeIndex, IReadOnlyList<ValueInfo> kept) =>
        kept.Where(value => _copies.TryGetValue(value.Id, out (int Slot, int Node) copy) && copy.Node == nodeIndex);

    /// <summary>Where the gradient of a value is.</summary>
    public Operand Gradient(ValueInfo value) => _wanted[value.Id]
        ? Place(OperandPlace.Arena, _memory.Offsets[GradientId(value)], value)
        : Operand.None;

    /// <summary>Where a node writes the gradient of one of its inputs: the gradient itself, or scratch.</summary>
    public Operand WrittenGradient(int nodeIndex, int input)
    {
        ValueInfo value = _graph.Nodes[nodeIndex].Inputs[input];
        return _wanted[value.Id]
            ? Place(OperandPlace.Arena, _memory.Offsets[_gradientSlots[(nodeIndex, input)]], value)
            : Operand.None;
    }

    private static Operand Place(OperandPlace place, int offset, ValueInfo value) =>
        new(place, offset, value.SampleLength) { IsWhole = value.IsWhole, Type = value.Type };

    private int GradientId(ValueInfo value) => _graph.ValueCount + _roots[value.Id];

    private int BackwardTime(int nodeIndex) => _lossTime + _graph.Nodes.Count - nodeIndex;

    // Constants lie before the weights of the steps and are never written.
    private void PlaceConstants()
    {
        long length = 0;
        foreach (int index in _running)
        {
            if (_graph.Nodes[index] is not { Operation: ConstantOperation constant } node)
                continue;
            Constants.Add((constant, (int)length));
            _constantOffsets.Add(node.Output.Id, (int)length);
            length += ArenaAlignment.RoundUp(constant.Values.Length);
            if (length > Array.MaxLength - ArenaAlignment.Floats)
                throw new ShapeException($"Trainer: the constants need more than {(long)Array.MaxLength * sizeof(float)} bytes, " +
                    "which is the most that one buffer can hold.");
        }

        _running.RemoveAll(index => _graph.Nodes[index].Operation is ConstantOperation);
        ConstantLength = (int)length;
    }

    private void PlaceForward()
    {
        foreach (int i in _running)
            Extend(_graph.Nodes[i].Output.Id, _graph.Nodes[i].Output, i, BackwardTime(i));
        foreach (ValueInfo output in _graph.Outputs)
            StayUntil(output, _lossTime);
    }

    private void PlaceBackward()
    {
        foreach (ValueInfo output in _graph.Outputs)
        {
            int id = GradientId(output);
            if (!_wanted[output.Id])
                _outputSlots.Add(-1);
            else
                _outputSlots.Add(_lifetimes.ContainsKey(id) ? Scratch(output, _lossTime) : Extend(id, output, _lossTime, _lossTime));
        }

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

    // The backward step of the node that computed a value may overwrite its gradient: a copy is taken before.
    private void Keep(ValueInfo value)
    {
        StayUntil(value, _end);
        int[] producer = [.. RunningBackwards.Where(index => _graph.Nodes[index].Output.Id == _roots[value.Id])];
        if (producer.Length == 0)
            Extend(GradientId(value), value, _lossTime, _end);
        else
            _copies[value.Id] = (Extend(_nextScratch++, value, BackwardTime(producer[0]), _end), producer[0]);
    }

    private void StayUntil(ValueInfo value, int time)
    {
        int root = _roots[value.Id];
        if (_lifetimes.TryGetValue(root, out ValueLifetime? lifetime))
            _lifetimes[root] = lifetime with { Last = Math.Max(lifetime.Last, time) };
    }

    private int Scratch(ValueInfo value, int time) => Extend(_nextScratch++, value, time, time);

    private int Extend(int id, ValueInfo value, int first, int last)
    {
        ValueLifetime lifetime = _lifetimes.TryGetValue(id, out ValueLifetime? known)
            ? known with { First = Math.Min(known.First, first), Last = Math.Max(known.Last, last) }
            : new ValueLifetime(id, value.FloatsFor(_maxBatch), first, last);
        _lifetimes[id] = lifetime;
        return id;
    }
}
