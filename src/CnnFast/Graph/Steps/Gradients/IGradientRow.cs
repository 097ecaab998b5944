namespace CnnFast.Graphs;

/// <summary>The gradient by one input of a function of two elements, for rows of them.</summary>
internal interface IGradientRow
{
    /// <summary>Writes the gradients.</summary>
    /// <param name="dy">The gradient by the result.</param>
    /// <param name="a">The first elements.</param>
    /// <param name="b">The second elements.</param>
    /// <param name="d">Receives the gradient.</param>
    static abstract void Run(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d);
}
