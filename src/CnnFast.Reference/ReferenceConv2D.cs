namespace CnnFast.Reference;

/// <summary>
/// Two-dimensional convolution (cross-correlation) by its definition, in double, with stride s, dilation d, padding p and groups:
/// <c>Z[m,i,j,k] = b[k] + Σ(a,b,c) X[m, i·s+a·d−p, j·s+b·d−p, g·C/G+c] · W[a,b,c,k]</c>, where g is the group of output channel k and X is
/// zero outside the image. Input <c>[N, H, W, C]</c>, filter <c>[KH, KW, C/G, OC]</c>, output <c>[N, OH, OW, OC]</c>.
/// The backward functions follow by the chain rule, one line for each product of the forward sum (LeCun et al., "Gradient-based learning
/// applied to document recognition", 1998); they sum over the batch. All functions overwrite their output and are thread-safe.
/// </summary>
public static class ReferenceConv2D
{
    /// <summary>The forward pass: <c>Z = X ∗ W + b</c>.</summary>
    /// <param name="g">The sizes.</param>
    /// <param name="x">Input <c>[N, H, W, C]</c>.</param>
    /// <param name="w">Filter <c>[KH, KW, C/G, OC]</c>.</param>
    /// <param name="bias">Bias <c>[OC]</c>, or empty for none.</param>
    /// <param name="y">Receives the output <c>[N, OH, OW, OC]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void Forward(Conv2DGeometry g, ReadOnlySpan<double> x, ReadOnlySpan<double> w, ReadOnlySpan<double> bias, Span<double> y)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferenceConv2D.Forward";
        SpanLength.Require(Who, "x", x.Length, g.Input);
        SpanLength.Require(Who, "w", w.Length, g.Filter.ToShape());
        SpanLength.RequireOrEmpty(Who, "bias", bias.Length, new Shape(g.OC));
        SpanLength.Require(Who, "y", y.Length, g.Output);

        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int k = 0; k < g.OC; k++)
                    {
                        double sum = bias.IsEmpty ? 0 : bias[k];
                        for (int a = 0; a < g.KH; a++)
                            for (int b = 0; b < g.KW; b++)
                            {
                                if (!TryGetPixel(g, i, j, a, b, out int row, out int column))
                                    continue;
                                for (int c = 0; c < g.GroupC; c++)
                                    sum += x[InputIndex(g, m, row, column, k, c)] * w[FilterIndex(g, a, b, c, k)];
                            }

                        y[OutputIndex(g, m, i, j, k)] = sum;
                    }
    }

    /// <summary>
    /// The gradient with respect to the input: <c>dX[m,p,q,c] = Σ dZ[m,i,j,k] · W[a,b,c,k]</c> over all
    /// (i,j,a,b,k) whose tap reads pixel (p,q).
    /// </summary>
    /// <param name="g">The sizes of the forward pass.</param>
    /// <param name="dy">Gradient of the output <c>[N, OH, OW, OC]</c>.</param>
    /// <param name="w">Filter <c>[KH, KW, C/G, OC]</c>.</param>
    /// <param name="dx">Receives the gradient of the input <c>[N, H, W, C]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void BackwardData(Conv2DGeometry g, ReadOnlySpan<double> dy, ReadOnlySpan<double> w, Span<double> dx)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferenceConv2D.BackwardData";
        SpanLength.Require(Who, "dy", dy.Length, g.Output);
        SpanLength.Require(Who, "w", w.Length, g.Filter.ToShape());
        SpanLength.Require(Who, "dx", dx.Length, g.Input);

        dx.Clear();
        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int a = 0; a < g.KH; a++)
                        for (int b = 0; b < g.KW; b++)
                        {
                            if (!TryGetPixel(g, i, j, a, b, out int row, out int column))
                                continue;
                            for (int c = 0; c < g.GroupC; c++)
                                for (int k = 0; k < g.OC; k++)
                                    dx[InputIndex(g, m, row, column, k, c)] += dy[OutputIndex(g, m, i, j, k)]
                                        * w[FilterIndex(g, a, b, c, k)];
                        }
    }

    /// <summary>
    /// The gradient with respect to the filter:
    /// <c>dW[a,b,c,k] = Σ(m,i,j) dZ[m,i,j,k] · X[m, i·s+a·d−p, j·s+b·d−p, c]</c>, summed over the batch.
    /// </summary>
    /// <param name="g">The sizes of the forward pass.</param>
    /// <param name="x">Input <c>[N, H, W, C]</c>.</param>
    /// <param name="dy">Gradient of the output <c>[N, OH, OW, OC]</c>.</param>
    /// <param name="dw">Receives the gradient of the filter <c>[KH, KW, C/G, OC]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void BackwardFilter(Conv2DGeometry g, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dw)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferenceConv2D.BackwardFilter";
        SpanLength.Require(Who, "x", x.Length, g.Input);
        SpanLength.Require(Who, "dy", dy.Length, g.Output);
        SpanLength.Require(Who, "dw", dw.Length, g.Filter.ToShape());

        dw.Clear();
        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int a = 0; a < g.KH; a++)
                        for (int b = 0; b < g.KW; b++)
                        {
                            if (!TryGetPixel(g, i, j, a, b, out int row, out int column))
                                continue;
                            for (int c = 0; c < g.GroupC; c++)
                                for (int k = 0; k < g.OC; k++)
                                    dw[FilterIndex(g, a, b, c, k)] += dy[OutputIndex(g, m, i, j, k)]
                                        * x[InputIndex(g, m, row, column, k, c)];
                        }
    }

    /// <summary>The gradient with respect to the bias: <c>db[k] = Σ(m,i,j) dZ[m,i,j,k]</c>, summed over the batch.</summary>
    /// <param name="g">The sizes of the forward pass.</param>
    /// <param name="dy">Gradient of the output <c>[N, OH, OW, OC]</c>.</param>
    /// <param name="db">Receives the gradient of the bias <c>[OC]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void BackwardBias(Conv2DGeometry g, ReadOnlySpan<double> dy, Span<double> db)
    {
        ArgumentNullException.ThrowIfNull(g);
        const string Who = "ReferenceConv2D.BackwardBias";
        SpanLength.Require(Who, "dy", dy.Length, g.Output);
        SpanLength.Require(Who, "db", db.Length, new Shape(g.OC));

        db.Clear();
        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int k = 0; k < g.OC; k++)
                        db[k] += dy[OutputIndex(g, m, i, j, k)];
    }

    // The pixel that tap (a, b) of output (i, j) reads; false where it lies in the padding.
    private static bool TryGetPixel(Conv2DGeometry g, int i, int j, int a, int b, out int row, out int column)
    {
        row = (i * g.StrideH) + (a * g.DilationH) - g.PadTop;
        column = (j * g.StrideW) + (b * g.DilationW) - g.PadLeft;
        return row >= 0 && row < g.H && column >= 0 && column < g.W;
    }

    // Channel c of the group that output channel k reads.
    private static int InputIndex(Conv2DGeometry g, int m, int row, int column, int k, int c) =>
        (((((m * g.H) + row) * g.W) + column) * g.C) + (k / g.GroupOC * g.GroupC) + c;

    private static int FilterIndex(Conv2DGeometry g, int a, int b, int c, int k) =>
        (((((a * g.KW) + b) * g.GroupC) + c) * g.OC) + k;

    private static int OutputIndex(Conv2DGeometry g, int m, int i, int j, int k) =>
        (((((m * g.OH) + i) * g.OW) + j) * g.OC) + k;
}
