namespace CnnFast.Graphs;

/// <summary>The memory of one run: resolves operands to spans.</summary>
internal readonly ref struct ValueMemory
{
    private readonly ReadOnlySpan<float> _input;
    private readonly Span<float> _output;
    private readonly ReadOnlySpan<ReadOnlyMemory<float>> _inputs;
    private readonly ReadOnlySpan<Memory<float>> _outputs;
    private readonly Span<float> _arena;
    private readonly ReadOnlySpan<float> _constants;
    private readonly int _first;
    private readonly bool _isPart;

    /// <summary>The memory of a run with one input and one output.</summary>
    public ValueMemory(int n, ReadOnlySpan<float> input, Span<float> output, Span<float> arena)
    {
        N = n;
        _input = input;
        _output = output;
        _arena = arena;
    }

    /// <summary>The memory of a run with any number of inputs and outputs.</summary>
    public ValueMemory(int n, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs, Span<float> arena)
    {
        N = n;
        _inputs = inputs;
        _outputs = outputs;
        _arena = arena;
    }

    /// <summary>The memory of a run whose input is bytes.</summary>
    public ValueMemory(int n, ReadOnlySpan<byte> bytes, Span<float> output, Span<float> arena)
    {
        N = n;
        Bytes = bytes;
        _output = output;
        _arena = arena;
    }

    private ValueMemory(scoped in ValueMemory caller, Span<float> arena, ReadOnlySpan<float> constants)
    {
        this = caller;
        _arena = arena;
        _constants = constants;
    }

    private ValueMemory(scoped in ValueMemory whole, int first, int n)
    {
        this = whole;
        int bytes = whole.Bytes.Length / whole.N;
        Bytes = whole.Bytes.Slice(first * bytes, n * bytes);
        N = n;
        _first = first;
        _isPart = true;
    }

    /// <summary>Samples of this run.</summary>
    public int N { get; }

    /// <summary>The input where it is bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The same inputs and outputs with an arena.</summary>
    public ValueMemory In(Span<float> arena) => new(this, arena, _constants);

    /// <summary>The same memory with the constants of a plan.</summary>
    public ValueMemory With(ReadOnlySpan<float> constants) => new(this, _arena, constants);

    /// <summary>The same memory for some of the samples; the arena holds no more than those.</summary>
    public ValueMemory Part(int first, int n) => first == 0 && n == N ? this : new(this, first, n);

    /// <summary>The values of an operand.</summary>
    public ReadOnlySpan<float> Read(Operand operand)
    {
        if (operand.Place == OperandPlace.Constant)
            return _constants.Slice(operand.Offset, operand.Length(N));
        if (operand.Place != OperandPlace.CallerInput)
            return Write(operand);
        ReadOnlySpan<float> input = _inputs.IsEmpty ? _input : _inputs[operand.Offset].Span;
        return _isPart ? input.Slice(_first * operand.SampleLength, operand.Length(N)) : input;
    }

    /// <summary>The values of an operand for writing; empty when it is not wanted.</summary>
    public Span<float> Write(Operand operand)
    {
        if (operand.Place == OperandPlace.Arena)
            return _arena.Slice(operand.Offset + operand.Channel, operand.Length(N));
        if (operand.Place != OperandPlace.CallerOutput)
            return default;
        Span<float> output = _outputs.IsEmpty ? _output : _outputs[operand.Offset].Span;
        if (_isPart)
            output = output[(operand.Pitch == 0 ? _first * operand.SampleLength : _first * (operand.SampleLength / operand.Channels) * operand.Pitch)..];
        return operand.Pitch == 0 && !_isPart ? output : output.Slice(operand.Channel, operand.Length(N));
    }
}
