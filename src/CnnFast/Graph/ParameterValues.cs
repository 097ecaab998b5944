namespace CnnFast.Graphs;

/// <summary>
/// The values of a node's parameters while its constants are prepared. Those that are not in memory are read into buffers that serve the next node too, so that a large model is not in memory twice.
/// Not thread-safe.
/// </summary>
internal sealed class ParameterValues
{
    private readonly Buffers _buffers;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Memory<float>[] _read;
    private readonly int _first;
    private Memory<float> _spare;

    /// <summary>The values of a node's parameters.</summary>
    public ParameterValues(IReadOnlyList<Parameter> parameters)
        : this(new Buffers(), parameters, new Memory<float>[parameters.Count], 0, default)
    {
    }

    private ParameterValues(Buffers buffers, IReadOnlyList<Parameter> parameters, Memory<float>[] read, int first, Memory<float> spare)
    {
        (_buffers, _parameters, _read, _first, _spare) = (buffers, parameters, read, first, spare);
    }

    /// <summary>The values of a parameter, in the order of its shape; valid until the next node's are asked for.</summary>
    public ReadOnlySpan<float> this[int index]
    {
        get
        {
            Parameter parameter = _parameters[_first + index];
            if (!_read[_first + index].IsEmpty)
                return _read[_first + index].Span;
            return parameter.Source is { } source ? Read(_first + index, source) : parameter.Values;
        }
    }

    /// <summary>The values of a parameter as a copy that the caller may change; what is asked for afterwards are the changed ones. Not where an instance serves run after run, as the pooled ones of <see cref="RuntimeWeightsOperation"/> do: it would go on giving the changed ones.</summary>
    public Span<float> Changeable(int index)
    {
        ReadOnlySpan<float> values = this[index];
        if (_read[_first + index].IsEmpty)
            values.CopyTo((_read[_first + index] = Take(_first + index, values.Length)).Span);
        return _read[_first + index].Span;
    }

    /// <summary>The values of another node's parameters, in the same buffers.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="spare">Memory that nobody needs meanwhile; its first <see cref="Borrowed"/> floats are left with other contents.</param>
    public ParameterValues Of(IReadOnlyList<Parameter> parameters, Memory<float> spare) => new(_buffers, parameters, new Memory<float>[parameters.Count], 0, spare);

    /// <summary>How many floats of the spare memory were taken.</summary>
    public int Borrowed { get; private set; }

    /// <summary>The values of the parameters from one on.</summary>
    public ParameterValues From(int first) => new(_buffers, _parameters, _read, _first + first, default);

    private Span<float> Read(int index, IParameterSource source)
    {
        Memory<float> values = Take(index, _parameters[index].Shape.ElementCount);
        source.Read(values.Span);
        _read[index] = values;
        return values.Span;
    }

    private Memory<float> Take(int index, int length)
    {
        if (_spare.Length < length)
            return _buffers.Take(index, length);
        Memory<float> taken = _spare[..length];
        _spare = _spare[length..];
        Borrowed += length;
        return taken;
    }

    private sealed class Buffers
    {
        private readonly List<float[]> _buffers = [];

        public Memory<float> Take(int index, int length)
        {
            while (_buffers.Count <= index)
                _buffers.Add([]);
            if (_buffers[index].Length < length)
                _buffers[index] = GC.AllocateUninitializedArray<float>((int)Math.Clamp(_buffers[index].Length * 3L / 2, length, Array.MaxLength));
            return _buffers[index].AsMemory(0, length);
        }
    }
}
