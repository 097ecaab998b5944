namespace CnnFast.Reference;

/// <summary>
/// Two-dimensional pooling by its definition, in double: every channel of every window becomes its maximum or its average.
/// Input <c>[N, H, W, C]</c>, output <c>[N, OH, OW, C]</c>. Padding is never chosen by a maximum and adds zero to an average.
/// Global pooling is the geometry <see cref="Pool2DGeometry.Global"/>. All functions overwrite their output and are thread-safe.
/// </summary>
public static class ReferencePool2D
{
    /// <summary>Max pooling: <c>y[m,i,j,c] = max(a,b) x[m, i·s+a·d−p, j·s+b·d−p, c]</c>; a window that holds a NaN gives NaN.</summary>
    /// <param name="g">The sizes.</param>
    /// <param name="x">Input <c>[N, H, W, C]</c>.</param>
    /// <param name="y">Receives the output <c>[N, OH, OW, C]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void MaxForward(Pool2DGeometry g, ReadOnlySpan<double> x, Span<double> y)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferencePool2D.MaxForward";
        SpanLength.Require(Who, "x", x.Length, g.Input);
        SpanLength.Require(Who, "y", y.Length, g.Output);

        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int c = 0; c < g.C; c++)
                        y[OutputIndex(g, m, i, j, c)] = x[IndexOfMaximum(g, x, m, i, j, c)];
    }

    /// <summary>
    /// The gradient of max pooling: each window gives its gradient to its maximum, the first one in row order where several are equal
    /// (the mask of a window sums to 1), or to its first NaN.
    /// </summary>
    /// <param name="g">The sizes of the forward pass.</param>
    /// <param name="x">Input of the forward pass <c>[N, H, W, C]</c>.</param>
    /// <param name="dy">Gradient of the output <c>[N, OH, OW, C]</c>.</param>
    /// <param name="dx">Receives the gradient of the input <c>[N, H, W, C]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void MaxBackward(Pool2DGeometry g, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferencePool2D.MaxBackward";
        SpanLength.Require(Who, "x", x.Length, g.Input);
        SpanLength.Require(Who, "dy", dy.Length, g.Output);
        SpanLength.Require(Who, "dx", dx.Length, g.Input);

        dx.Clear();
        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int c = 0; c < g.C; c++)
                        dx[IndexOfMaximum(g, x, m, i, j, c)] += dy[OutputIndex(g, m, i, j, c)];
    }

    /// <summary>Average pooling: the sum of a window's pixels divided by its cells.</summary>
    /// <param name="g">The sizes.</param>
    /// <param name="x">Input <c>[N, H, W, C]</c>.</param>
    /// <param name="y">Receives the output <c>[N, OH, OW, C]</c>.</param>
    /// <param name="countPadding">True to divide by all KH·KW cells; false to divide by the cells that lie inside the image.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void AverageForward(Pool2DGeometry g, ReadOnlySpan<double> x, Span<double> y, bool countPadding)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferencePool2D.AverageForward";
        SpanLength.Require(Who, "x", x.Length, g.Input);
        SpanLength.Require(Who, "y", y.Length, g.Output);

        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int c = 0; c < g.C; c++)
                    {
                        double sum = 0;
                        for (int a = 0; a < g.KH; a++)
                            for (int b = 0; b < g.KW; b++)
                            {
                                if (TryGetPixel(g, i, j, a, b, out int row, out int column))
                                    sum += x[InputIndex(g, m, row, column, c)];
                            }

                        y[OutputIndex(g, m, i, j, c)] = sum / CellCount(g, i, j, countPadding);
                    }
    }

    /// <summary>The gradient of average pooling: each window gives every one of its pixels its gradient divided by its cells.</summary>
    /// <param name="g">The sizes of the forward pass.</param>
    /// <param name="dy">Gradient of the output <c>[N, OH, OW, C]</c>.</param>
    /// <param name="dx">Receives the gradient of the input <c>[N, H, W, C]</c>.</param>
    /// <param name="countPadding">As in the forward pass.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void AverageBackward(Pool2DGeometry g, ReadOnlySpan<double> dy, Span<double> dx, bool countPadding)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferencePool2D.AverageBackward";
        SpanLength.Require(Who, "dy", dy.Length, g.Output);
        SpanLength.Require(Who, "dx", dx.Length, g.Input);

        dx.Clear();
        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int c = 0; c < g.C; c++)
                        for (int a = 0; a < g.KH; a++)
                            for (int b = 0; b < g.KW; b++)
                            {
                                if (TryGetPixel(g, i, j, a, b, out int row, out int column))
                                    dx[InputIndex(g, m, row, column, c)] += dy[OutputIndex(g, m, i, j, c)]
                                        / CellCount(g, i, j, countPadding);
                            }
    }

    private static int IndexOfMaximum(Pool2DGeometry g, ReadOnlySpan<double> x, int m, int i, int j, int c)
    {
        int best = -1;
        for (int a = 0; a < g.KH; a++)
            for (int b = 0; b < g.KW; b++)
            {
                if (!TryGetPixel(g, i, j, a, b, out int row, out int column))
                    continue;
                int index = InputIndex(g, m, row, column, c);
                if (best < 0 || x[index] > x[best] || (double.IsNaN(x[index]) && !double.IsNaN(x[best])))
                    best = index;
            }

        return best;
    }

    private static int CellCount(Pool2DGeometry g, int i, int j, bool countPadding)
    {
        int count = 0;
        for (int a = 0; a < g.KH; a++)
            for (int b = 0; b < g.KW; b++)
            {
                if (countPadding || TryGetPixel(g, i, j, a, b, out _, out _))
                    count++;
            }

        return count;
    }

    // The pixel at cell (a, b) of window (i, j); false where it lies in the padding.
    private static bool TryGetPixel(Pool2DGeometry g, int i, int j, int a, int b, out int row, out int column)
    {
        row = (i * g.StrideH) + (a * g.DilationH) - g.PadTop;
        column = (j * g.StrideW) + (b * g.DilationW) - g.PadLeft;
        return row >= 0 && row < g.H && column >= 0 && column < g.W;
    }

    private static int InputIndex(Pool2DGeometry g, int m, int row, int column, int c) =>
        (((((m * g.H) + row) * g.W) + column) * g.C) + c;

    private static int OutputIndex(Pool2DGeometry g, int m, int i, int j, int c) =>
        (((((m * g.OH) + i) * g.OW) + j) * g.C) + c;
}
