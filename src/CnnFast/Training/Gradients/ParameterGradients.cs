using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>
/// The gradients of the parameters that a training step reaches, in one buffer; of parameters that are statistics, the batch's values.
/// </summary>
internal sealed class ParameterGradients
{
    private readonly Dictionary<Parameter, (int Offset, int Length)> _places = [];
    private readonly AlignedBuffer<float> _buffer;

    /// <exception cref="ShapeException">They do not fit one buffer.</exception>
    public ParameterGradients(IReadOnlyList<Parameter> parameters)
    {
        long length = 0;
        foreach (Parameter parameter in parameters)
        {
            int count = parameter.Shape.ElementCount;
            _places.Add(parameter, ((int)length, count));
            length += ArenaAlignment.RoundUp(count);
            if (length > Array.MaxLength - ArenaAlignment.Floats)
                throw new ShapeException($"Trainer: the gradients of the model need more than {(long)Array.MaxLength * sizeof(float)} " +
                    "bytes, which is the most that one buffer can hold.");
        }

        _buffer = new AlignedBuffer<float>((int)length);
    }

    /// <summary>All gradients.</summary>
    public Span<float> All => _buffer.Span;

    /// <summary>Whether a parameter has a gradient; one that the loss does not depend on has none.</summary>
    public bool Contains(Parameter parameter) => _places.ContainsKey(parameter);

    /// <summary>The gradient of one parameter.</summary>
    public Span<float> this[Parameter parameter] => MemoryOf(parameter).Span;

    /// <summary>The same as a memory that can be stored.</summary>
    public Memory<float> MemoryOf(Parameter parameter)
    {
        (int offset, int length) = _places[parameter];
        return _buffer.Memory.Slice(offset, length);
    }

    /// <summary>Where the gradients of a node's parameters are.</summary>
    public (int Offset, int Length)[] PlacesOf(Node node) => [.. node.Parameters.Select(parameter => _places[parameter])];
}
