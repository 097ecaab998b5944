namespace CnnFast.Graphs;

/// <summary>A function of two elements, and of rows of them.</summary>
internal interface IBinaryFunction<T, TResult>
{
    /// <summary>The function of one pair.</summary>
    static abstract TResult Apply(T a, T b);

    /// <summary>The function of pairs.</summary>
    static abstract void Apply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<TResult> y);

    /// <summary>The function of pairs with one second element.</summary>
    static abstract void Apply(ReadOnlySpan<T> a, T b, Span<TResult> y);

    /// <summary>The function of pairs with one first element.</summary>
    static abstract void Apply(T a, ReadOnlySpan<T> b, Span<TResult> y);
}
