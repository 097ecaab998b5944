namespace CnnFast;

/// <summary>The memory that parallel work on spans reads and writes.</summary>
internal ref struct WorkSpans
{
    /// <summary>What is read first, most often the gradient by the output.</summary>
    public ReadOnlySpan<float> A { get; init; }

    /// <summary>What is read second.</summary>
    public ReadOnlySpan<float> B { get; init; }

    /// <summary>What is read third.</summary>
    public ReadOnlySpan<float> C { get; init; }

    /// <summary>What is written.</summary>
    public Span<float> Result { get; init; }

    /// <summary>Scratch memory: of all threads for <see cref="SpanWork"/>, of one for a part.</summary>
    public Span<byte> Scratch { get; init; }
}
