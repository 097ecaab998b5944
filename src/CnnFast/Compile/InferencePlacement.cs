using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Decides which nodes of a compiled graph run and where their values live: views share memory, a node writes over an input that nobody
/// reads after it where it can, producers write into concatenations where they can, and memory is reused as soon as its last reader has
/// run. Outputs are written where the caller wants them.
/// </summary>
internal sealed class InferencePlacement
{
    private readonly Graph _graph;
    private readonly int _maxBatch;
    private readonly ConvAlgorithm _algorithm;
    private readonly WeightPrecision _precision;
    private readonly int[] _roots;
    private readonly List<int> _running;
    private readonly Dictionary<int, Operand> _callerPlaces = [];
    private readonly List<(ValueInfo Output, int Index)> _copies = [];
    private readonly List<int> _stepOf = [];
    private ConcatenationPlaces _concatenated;

    public InferencePlacement(Graph graph, PlanOptions options)
    {
        _graph = graph;
        _maxBatch = options.MaxBatch;
        _algorithm = options.ConvAlgorithm;
        _precision = options.WeightPrecision;
        _roots = ValueRoots.Of(graph, training: false);
        _running = RunningNodes.Of(graph, graph.Outputs, _roots, training: false);
        PlaceConstants();
        PlaceInputsAndOutputs();
        ShareMemory();
        _concatenated = options.ConcatenatesInPlace
            ? ConcatenationPlaces.Of(graph, _running, _roots, _callerPlaces.Keys)
            : ConcatenationPlaces.None;
        Memory = PlanMemory();
    }

    /// <summary>The arena.</summary>
    public MemoryPlan Memory { get; }

    /// <summary>The constants and where they are, in floats from the start of the plan's.</summary>
    public List<(ConstantOperation Constant, int Offset)> Constants { get; } = [];

    /// <summary>What lies in the arena, from which step to which: known when the steps are.</summary>
    public IReadOnlyList<ActivationInfo> Activations => [.. Lifetimes()
        .Select(value => new ActivationInfo(
            NameOf(value.Id),
            Memory.Offsets[value.Id] * (long)sizeof(float),
            value.Length * sizeof(float),
            _stepOf[value.First],
            _stepOf[value.Last]))
        .OrderBy(value => value.FirstStep).ThenBy(value => value.Offset)];

    /// <summary>Floats of the constants; those of the steps follow.</summary>
    public int ConstantLength { get; private set; }

    /// <summary>Creates the steps in order.</summary>
    public PlanStep[] CreateSteps()
    {
        PlanStep[] steps = CreateSteps([]);
        if (_algorithm != ConvAlgorithm.Auto || WeightBudget.Choose(_graph, steps, _maxBatch) is not { Count: > 0 } smaller)
            return PlaceWeights(steps);
        return PlaceWeights(CreateSteps(smaller));
    }

    private PlanStep[] CreateSteps(Dictionary<int, ConvAlgorithm> algorithms)
    {
        var steps = new List<PlanStep>();
        var sources = new ValueSources(_graph);
        _stepOf.Clear();
        foreach (int index in _running)
        {
            Node node = _graph.Nodes[index];
            _stepOf.Add(steps.Count);
            bool[] written = [.. Enumerable.Range(0, node.Inputs.Count).Select(input => _concatenated.IsWrittenInPlace(index, input))];
            if (!written.Contains(false))
                continue;
            IReadOnlyList<string> reads = sources.Run(index);
            Operand[] inputs = [.. node.Inputs.Select(Place)];
            Operand output = Place(node.Output);
            ForwardStep step = node.Operation.CreateForward(node.ShapesFor(_maxBatch, algorithms.GetValueOrDefault(index, _algorithm)) with
            {
                InputPitches = [.. inputs.Select(input => input.Pitch)],
                OutputPitch = output.Pitch,
                WrittenInPlace = written,
                WeightPrecision = _precision,
            });
            var operands = new ForwardOperands(inputs, output, index) { Samples = node.Output.IsWhole ? node.Output.Shape[0] : 0 };
            steps.Add(new PlanStep(node.Name, node.Operation.Kind, step, node.Parameters, operands)
            {
                MultiplyAdds = node.MultiplyAdds,
                OutputShape = node.Output.Shape,
                Reads = reads,
            });
        }

        foreach ((ValueInfo output, int index) in _copies)
            steps.Add(Copy(output, index) with { Reads = sources.Of(output) });
        return [.. steps];
    }

    private string NameOf(int root) => _graph.Nodes.First(node => node.Output.Id == root).Name;

    private PlanStep Copy(ValueInfo output, int index)
    {
        var to = new Operand(OperandPlace.CallerOutput, index, output.SampleLength) { IsWhole = output.IsWhole, Type = output.Type };
        return new PlanStep(output.Name, "Copy", new CopyForwardStep(), [], new ForwardOperands([Place(output)], to, -1))
        {
            OutputShape = output.Shape,
        };
    }

    private PlanStep[] PlaceWeights(PlanStep[] steps)
    {
        long constants = ConstantLength;
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = steps[i].WithConstants((int)constants);
            constants += ArenaAlignment.RoundUp(steps[i].ConstantLength);
            if (constants > Array.MaxLength - ArenaAlignment.Floats)
                throw new ShapeException($"The model's packed weights need more than {(long)Array.MaxLength * sizeof(float)} bytes, " +
                    "which is the most that one buffer can hold.");
        }

        return steps;
    }

    // A concatenation is alive as soon as its first part is. Where that takes more memory, parts are copied: what was written long ago has
    // left the caches, and a copy brings it back.
    private MemoryPlan PlanMemory()
    {
        ConcatenationPlaces places = _concatenated;
        MemoryPlan? inPlace = places.IsEmpty ? null : MemoryPlanner.Find(Lifetimes(), out _);
        _concatenated = ConcatenationPlaces.None;
        if (inPlace is null)
            return MemoryPlanner.Plan(Lifetimes(), "The model");
        if (MemoryPlanner.Find(Lifetimes(), out _) is { } copying && copying.Length < inPlace.Length)
            return copying;
        _concatenated = places;
        return inPlace;
    }

    // Constants lie beside the packed weights and are never written.
    private void PlaceConstants()
    {
        long length = 0;
        foreach (int index in _running)
        {
            if (_graph.Nodes[index] is not { Operation: ConstantOperation constant } node)
                continue;
            Constants.Add((constant, (int)length));
            _callerPlaces.Add(node.Output.Id, new Operand(OperandPlace.Constant, (int)length, 0));
            length += ArenaAlignment.RoundUp(constant.Values.Length);
            if (length > Array.MaxLength - ArenaAlignment.Floats)
                throw new ShapeException($"The model's constants need more than {(long)Array.MaxLength * sizeof(float)} bytes, " +
                    "which is the most that one buffer can hold.");
        }

        _running.RemoveAll(index => _graph.Nodes[index].Operation is ConstantOperation);
        ConstantLength = (int)length;
    }

    // An output that is an input, or the same value as an earlier output, is copied at the end.
    private void PlaceInputsAndOutputs()
    {
        for (int i = 0; i < _graph.Inputs.Count; i++)
            _callerPlaces.Add(_graph.Inputs[i].Id, new Operand(OperandPlace.CallerInput, i, 0));
        for (int i = 0; i < _graph.Outputs.Count; i++)
        {
            if (!_callerPlaces.TryAdd(_roots[_graph.Outputs[i].Id], new Operand(OperandPlace.CallerOutput, i, 0)))
                _copies.Add((_graph.Outputs[i], i));
        }
    }

    private Operand Place(ValueInfo value)
    {
        int root = _roots[value.Id];
        if (_concatenated.Find(root) is not { } place)
            return PlaceOfRoot(root) with { SampleLength = value.SampleLength, IsWhole = value.IsWhole, Type = value.Type };
        return PlaceOfRoot(place.Owner.Id) with
        {
            SampleLength = value.SampleLength,
            IsWhole = value.IsWhole,
            Pitch = place.Owner.Shape.Dimensions[^1],
            Channel = place.Channel,
            Channels = value.Shape.Dimensions[^1],
        };
    }

    private Operand PlaceOfRoot(int root) =>
        _callerPlaces.TryGetValue(root, out Operand place) ? place : new Operand(OperandPlace.Arena, Memory.Offsets[root], 0);

    // A node whose output may lie over an input that is read here for the last time takes its memory; an input that
    // the caller gave is never written.
    private void ShareMemory()
    {
        Dictionary<int, int> lastReads = LastReads();
        int[] views = [.. _roots];
        for (int step = 0; step < _running.Count; step++)
        {
            Node node = _graph.Nodes[_running[step]];
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                int root = _roots[node.Inputs[i].Id];
                if (!node.Operation.CanOverwrite(i)
                    || node.Inputs[i].SampleLength != node.Output.SampleLength
                    || node.Inputs[i].FloatsFor(1) != node.Output.FloatsFor(1)
                    || node.Inputs[i].IsWhole != node.Output.IsWhole
                    || _callerPlaces.ContainsKey(root)
                    || _callerPlaces.ContainsKey(node.Output.Id)
                    || lastReads[root] != step
                    || node.Inputs.Count(input => _roots[input.Id] == root) > 1)
                    continue;
                for (int id = 0; id < views.Length; id++)
                {
                    if (views[id] == node.Output.Id)
                        _roots[id] = root;
                }

                lastReads[root] = lastReads.GetValueOrDefault(node.Output.Id, step);
                break;
            }
        }
    }

    private Dictionary<int, int> LastReads()
    {
        var reads = new Dictionary<int, int>();
        for (int step = 0; step < _running.Count; step++)
        {
            foreach (ValueInfo input in _graph.Nodes[_running[step]].Inputs)
                reads[_roots[input.Id]] = step;
        }

        return reads;
    }

    private Dictionary<int, ValueLifetime>.ValueCollection Lifetimes()
    {
        var lifetimes = new Dictionary<int, ValueLifetime>();
        for (int step = 0; step < _running.Count; step++)
        {
            Node node = _graph.Nodes[_running[step]];
            foreach (ValueInfo value in (IEnumerable<ValueInfo>)[.. node.Inputs, node.Output])
            {
                int root = _roots[value.Id];
                long length = value.FloatsFor(_maxBatch);
                if (_concatenated.Find(root) is { } place)
                    (root, length) = (place.Owner.Id, place.Owner.FloatsFor(_maxBatch));
                if (_callerPlaces.ContainsKey(root))
                    continue;
                lifetimes[root] = lifetimes.TryGetValue(root, out ValueLifetime? lifetime)
                    ? lifetime with { Last = step }
                    : new ValueLifetime(root, length, step, step);
            }
        }

        return lifetimes.Values;
    }
}
