using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// The gradients of the parameters that a training step reaches, in one buffer; of parameters that are statistics, the batch's values. A
/// parameter that several nodes share has a place for each: the first holds the sum once <see cref="AddUses"/> was called; statistics stay
/// apart.
/// </summary>
internal sealed class ParameterGradients
{
    private readonly Dictionary<Parameter, List<(int Offset, int Length)>> _uses = [];
    private readonly Dictionary<int, (int Offset, int Length)[]> _places = [];
    private readonly Parameter[] _shared;
    private readonly AlignedBuffer<float> _buffer;

    /// <summary>Places the gradients of nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="running">The indices of the nodes that run, in order.</param>
    /// <exception cref="ShapeException">They do not fit one buffer.</exception>
    public ParameterGradients(Graph graph, IReadOnlyList<int> running)
    {
        long length = 0;
        foreach (int index in running)
            _places.Add(index, [.. graph.Nodes[index].Parameters.Select(parameter => Place(parameter, ref length))]);
        _shared = [.. _uses.Where(pair => pair.Value.Count > 1 && !pair.Key.Info.IsStatistic).Select(pair => pair.Key)];
        _buffer = new AlignedBuffer<float>((int)length);
    }

    /// <summary>The memory of all nodes.</summary>
    public Span<float> All => _buffer.Span;

    /// <summary>Whether a parameter has a gradient; one that the loss does not depend on has none.</summary>
    public bool Contains(Parameter parameter) => _uses.ContainsKey(parameter);

    /// <summary>The gradient of one parameter.</summary>
    public Span<float> this[Parameter parameter] => MemoryOf(parameter).Span;

    /// <summary>The same as a memory that can be stored.</summary>
    public Memory<float> MemoryOf(Parameter parameter) => MemoryOf(parameter, 0);

    /// <summary>Where in <see cref="All"/> the gradient of a parameter is.</summary>
    public (int Offset, int Length) PlaceOf(Parameter parameter) => _uses[parameter][0];

    /// <summary>How many nodes hold a parameter.</summary>
    public int UsesOf(Parameter parameter) => _uses[parameter].Count;

    /// <summary>What one of the nodes that hold a parameter has of it.</summary>
    public Memory<float> MemoryOf(Parameter parameter, int use)
    {
        (int offset, int length) = _uses[parameter][use];
        return _buffer.Memory.Slice(offset, length);
    }

    /// <summary>Where the gradients of a node's parameters are.</summary>
    public (int Offset, int Length)[] PlacesOf(int nodeIndex) => _places[nodeIndex];

    /// <summary>Adds up what the nodes have of the parameters that they share, in the order of the nodes.</summary>
    public void AddUses(ElementwiseOperators elementwise, IWorkScheduler scheduler)
    {
        foreach (Parameter parameter in _shared)
        {
            Span<float> sum = this[parameter];
            for (int use = 1; use < UsesOf(parameter); use++)
                elementwise.Add(scheduler, sum, MemoryOf(parameter, use).Span, sum);
        }
    }

    private (int Offset, int Length) Place(Parameter parameter, ref long length)
    {
        int count = parameter.Shape.ElementCount;
        var place = ((int)length, count);
        length += ArenaAlignment.RoundUp(count);
        if (length > Array.MaxLength - ArenaAlignment.Floats)
            throw new ShapeException($"Trainer: the gradients of the model need more than {(long)Array.MaxLength * sizeof(float)} " +
                "bytes, which is the most that one buffer can hold.");
        if (!_uses.TryGetValue(parameter, out List<(int Offset, int Length)>? uses))
            _uses.Add(parameter, uses = []);
        uses.Add(place);
        return place;
    }
}
