using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// The values of a node's parameters while its constants are prepared. Those that are not in memory are read into buffers that serve the
/// next node too, large filters part by part, so that a large model is not in memory twice.
/// Not thread-safe.
/// </summary>
internal sealed class ParameterValues
{
    // A part of a filter: so many floats, or a share where that is more, since a part of a filter that lies the other way in
    // its file is read in short runs.
    private const int PartFloats = 1024 * 1024;
    private const int MaxParts = 16;

    private readonly Buffers _buffers;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly Memory<float>[] _read;
    private readonly int _first;

    /// <summary>The values of a node's parameters.</summary>
    public ParameterValues(IReadOnlyList<Parameter> parameters)
        : this(new Buffers(), parameters, new Memory<float>[parameters.Count], 0)
    {
    }

    private ParameterValues(Buffers buffers, IReadOnlyList<Parameter> parameters, Memory<float>[] read, int first)
    {
        (_buffers, _parameters, _read, _first) = (buffers, parameters, read, first);
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

    /// <summary>
    /// How many output channels of a filter are read at once: all of them where it is not large, or where reading some is reading all.
    /// </summary>
    /// <param name="index">The filter.</param>
    /// <param name="channels">All its output channels.</param>
    public int ColumnsAtOnce(int index, int channels)
    {
        Parameter filter = _parameters[_first + index];
        if (filter.Source is { ReadsParts: false })
            return channels;
        int rows = filter.Shape.ElementCount / channels;
        return Math.Min(Math.Max(PartFloats / rows, (channels + MaxParts - 1) / MaxParts), channels);
    }

    /// <summary>Some output channels of a filter; valid until others are asked for.</summary>
    /// <param name="index">The filter.</param>
    /// <param name="channels">All its output channels.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many they are.</param>
    public FilterColumns Columns(int index, int channels, int first, int count) => _parameters[_first + index] is { Source: null } parameter
        ? new FilterColumns(parameter.Values[first..], channels, first, count)
        : new FilterColumns(CopyOfColumns(index, channels, first, count), count, first, count);

    /// <summary>
    /// Some output channels of a filter, row by row, as a copy that the caller may change; valid until others are asked for.
    /// </summary>
    /// <param name="index">The filter.</param>
    /// <param name="channels">All its output channels.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many they are.</param>
    public Span<float> CopyOfColumns(int index, int channels, int first, int count)
    {
        Parameter parameter = _parameters[_first + index];
        int rows = parameter.Shape.ElementCount / channels;
        Span<float> values = _buffers.Take(_first + index, rows * count).Span;
        if (parameter.Source is { } source)
        {
            source.Read(first, count, values);
            return values;
        }

        for (int row = 0; row < rows; row++)
            parameter.Values.Slice((row * channels) + first, count).CopyTo(values[(row * count)..]);
        return values;
    }

    /// <summary>The values of another node's parameters, in the same buffers.</summary>
    public ParameterValues Of(IReadOnlyList<Parameter> parameters) => new(_buffers, parameters, new Memory<float>[parameters.Count], 0);

    /// <summary>The values of the parameters from one on.</summary>
    public ParameterValues From(int first) => new(_buffers, _parameters, _read, _first + first);

    private Span<float> Read(int index, IParameterSource source)
    {
        Memory<float> values = _buffers.Take(index, _parameters[index].Shape.ElementCount);
        source.Read(values.Span);
        _read[index] = values;
        return values.Span;
    }

    private sealed class Buffers
    {
        private readonly List<float[]> _buffers = [];

        public Memory<float> Take(int index, int length)
        {
            while (_buffers.Count <= index)
                _buffers.Add([]);
            if (_buffers[index].Length < length)
                _buffers[index] = GC.AllocateUninitializedArray<float>((int)Math.Clamp(_buffers[index].Length * 3L / 2, length,
                    Array.MaxLength));
            return _buffers[index].AsMemory(0, length);
        }
    }
}
