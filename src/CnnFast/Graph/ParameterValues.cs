namespace CnnFast.Graphs;

/// <summary>
/// The values of a node's parameters while its constants are prepared. Those that are not in memory are read into buffers that serve the next node too, so that a large model is not in memory twice.
/// Not thread-safe.
/// </summary>
internal sealed class ParameterValues
{
    private readonly Buffers _buffers;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly bool[] _isRead;
    private readonly int _first;

    /// <summary>The values of parameters that are read one after the other, each by one node.</summary>
    public ParameterValues(IReadOnlyList<Parameter> parameters)
        : this(new Buffers(), parameters, new bool[parameters.Count], 0)
    {
    }

    private ParameterValues(Buffers buffers, IReadOnlyList<Parameter> parameters, bool[] isRead, int first)
    {
        (_buffers, _parameters, _isRead, _first) = (buffers, parameters, isRead, first);
    }

    /// <summary>The values of a parameter, in the order of its shape; valid until the next node's are asked for.</summary>
    public ReadOnlySpan<float> this[int index]
    {
        get
        {
            Parameter parameter = _parameters[_first + index];
            if (parameter.Source is not { } source)
                return parameter.Values;
            Span<float> values = _buffers.Take(_first + index, parameter.Shape.ElementCount);
            if (!_isRead[_first + index])
                source.Read(values);
            _isRead[_first + index] = true;
            return values;
        }
    }

    /// <summary>Floats to work with, valid until the next node's are asked for.</summary>
    public Span<float> Scratch(int length) => _buffers.Take(_parameters.Count, length);

    /// <summary>The values of another node's parameters, in the same buffers.</summary>
    public ParameterValues Of(IReadOnlyList<Parameter> parameters) => new(_buffers, parameters, new bool[parameters.Count], 0);

    /// <summary>The values of the parameters from one on.</summary>
    public ParameterValues From(int first) => new(_buffers, _parameters, _isRead, _first + first);

    private sealed class Buffers
    {
        private readonly List<float[]> _buffers = [];

        public Span<float> Take(int index, int length)
        {
            while (_buffers.Count <= index)
                _buffers.Add([]);
            if (_buffers[index].Length < length)
                _buffers[index] = GC.AllocateUninitializedArray<float>((int)Math.Clamp(_buffers[index].Length * 3L / 2, length, Array.MaxLength));
            return _buffers[index].AsSpan(0, length);
        }
    }
}
