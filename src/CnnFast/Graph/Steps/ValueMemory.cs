namespace CnnFast.Graphs;

/// <summary>The memory of one run: resolves operands to spans.</summary>
internal readonly ref struct ValueMemory
{
    private readonly ReadOnlySpan<float> _input;
    private readonly Span<float> _output;
    private readonly Span<float> _arena;

    public ValueMemory(int n, ReadOnlySpan<float> input, Span<float> output, Span<float> arena)
    {
        N = n;
        _input = input;
        _output = output;
        _arena = arena;
    }

    /// <summary>Samples of this run.</summary>
    public int N { get; }

    /// <summary>The values of an operand.</summary>
    public ReadOnlySpan<float> Read(Operand operand) =>
        operand.Place == OperandPlace.CallerInput ? _input : Write(operand);

    /// <summary>The values of an operand for writing; empty when it is not wanted.</summary>
    public Span<float> Write(Operand operand) => operand.Place switch
    {
        OperandPlace.Arena => _arena.Slice(operand.Offset, N * operand.SampleLength),
        OperandPlace.CallerOutput => _output,
        _ => default,
    };
}
