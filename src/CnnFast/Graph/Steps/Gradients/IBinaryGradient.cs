namespace CnnFast.Graphs;

/// <summary>The gradients of a function of two elements, for rows of them.</summary>
internal interface IBinaryGradient
{
    /// <summary>The gradient by the first elements.</summary>
    static abstract void First(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d);

    /// <summary>The gradient by the second elements.</summary>
    static abstract void Second(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d);
}
