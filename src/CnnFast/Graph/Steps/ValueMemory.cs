namespace CnnFast.Graphs;

/// <summary>The memory of one run: resolves operands to spans.</summary>
internal ref struct ValueMemory
{
    private readonly ReadOnlySpan<float> _input;
    private readonly Span<float> _output;
    private readonly ReadOnlySpan<ReadOnlyMemory<float>> _inputs;
    private readonly ReadOnlySpan<Memory<float>> _outputs;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _samples;
    private Span<float> _arena;
    private ReadOnlySpan<float> _constants;
    private int _first;
    private bool _isPart;

    /// <summary>The memory of a run with one input and one output.</summary>
    public ValueMemory(int n, ReadOnlySpan<float> input, Span<float> output)
        : this(n)
    {
        _input = input;
        _output = output;
    }

    /// <summary>The memory of a run with any number of inputs and outputs.</summary>
    public ValueMemory(int n, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs)
        : this(n)
    {
        _inputs = inputs;
        _outputs = outputs;
    }

    /// <summary>The memory of a run whose input is bytes.</summary>
    public ValueMemory(int n, ReadOnlySpan<byte> bytes, Span<float> output)
        : this(n)
    {
        _bytes = bytes;
        _output = output;
    }

    private ValueMemory(int n)
    {
        _samples = n;
        N = n;
    }

    /// <summary>Samples that pass through the steps now.</summary>
    public int N { get; private set; }

    /// <summary>The input where it is bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes
    {
        get
        {
            if (!_isPart)
                return _bytes;
            int sample = _bytes.Length / _samples;
            return _bytes.Slice(_first * sample, N * sample);
        }
    }

    /// <summary>Gives the run the memory of its values.</summary>
    public void Use(Span<float> arena, ReadOnlySpan<float> constants)
    {
        _arena = arena;
        _constants = constants;
    }

    /// <summary>Goes to some of the samples; the arena holds no more than those.</summary>
    public void Take(int first, int n)
    {
        _first = first;
        N = n;
        _isPart = n != _samples;
    }

    /// <summary>The values of an operand.</summary>
    public readonly ReadOnlySpan<float> Read(Operand operand)
    {
        if (operand.Place == OperandPlace.Constant)
            return _constants.Slice(operand.Offset, operand.Length(N));
        if (operand.Place != OperandPlace.CallerInput)
            return Write(operand);
        ReadOnlySpan<float> input = _inputs.IsEmpty ? _input : _inputs[operand.Offset].Span;
        return _isPart ? input.Slice(_first * operand.SampleLength, operand.Length(N)) : input;
    }

    /// <summary>The values of an operand for writing; empty when it is not wanted.</summary>
    public readonly Span<float> Write(Operand operand)
    {
        if (operand.Place == OperandPlace.Arena)
            return _arena.Slice(operand.Offset + operand.Channel, operand.Length(N));
        if (operand.Place != OperandPlace.CallerOutput)
            return default;
        Span<float> output = _outputs.IsEmpty ? _output : _outputs[operand.Offset].Span;
        if (_isPart)
            output = output[(operand.Pitch == 0
                ? _first * operand.SampleLength
                : _first * (operand.SampleLength / operand.Channels) * operand.Pitch)..];
        return operand.Pitch == 0 && !_isPart ? output : output.Slice(operand.Channel, operand.Length(N));
    }
}
