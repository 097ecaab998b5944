namespace CnnFast;

/// <summary>
/// The shape of a convolution filter in HWIO order, <c>W[a, b, c, k]</c>: height, width, input channels of one group, output channels.
/// </summary>
/// <param name="KH">Rows of the filter.</param>
/// <param name="KW">Columns of the filter.</param>
/// <param name="IC">Input channels that one output channel reads: the input's channels divided by the groups.</param>
/// <param name="OC">Output channels, over all groups.</param>
public readonly record struct FilterShape(int KH, int KW, int IC, int OC)
{
    /// <summary>The filter as a tensor shape <c>[KH, KW, IC, OC]</c>.</summary>
    /// <returns>The shape.</returns>
    /// <exception cref="ShapeException">A dimension is below 1, or there are too many elements.</exception>
    public Shape ToShape() => new(KH, KW, IC, OC);

    /// <summary>The dimensions in words, such as <c>H3 W3 I64 O64</c>.</summary>
    public override string ToString() => $"H{KH} W{KW} I{IC} O{OC}";
}
