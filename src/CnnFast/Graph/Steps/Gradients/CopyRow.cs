namespace CnnFast.Graphs;

/// <summary>The gradient of what is passed on.</summary>
internal readonly struct CopyRow : IGradientRow
{
    public static void Run(ReadOnlySpan<float> dy, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> d) => dy.CopyTo(d);
}
