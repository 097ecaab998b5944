namespace CnnFast.Reference;

/// <summary>
/// Transposed two-dimensional convolution by its definition, in double: every input pixel scatters its products,
/// <c>Z[m, i·s+a·d−p, j·s+b·d−p, k] += X[m,i,j,c] · W[a,b,k,c]</c> where that lies in the output, onto <c>b[k]</c> (Zeiler et al.,
/// "Deconvolutional Networks", 2010). Its sizes are those of the convolution that leads the other way: X is <c>[N, OH, OW, OC]</c> of the
/// geometry, Z <c>[N, H, W, C]</c>, the filter <c>[KH, KW, C/G, OC]</c>. The backward functions follow by the chain rule, one line for each
/// product; they sum over the batch. All functions overwrite their output and are thread-safe.
/// </summary>
public static class ReferenceConv2DTranspose
{
    private delegate void Product(int input, int filter, int output);

    /// <summary>The forward pass.</summary>
    /// <param name="g">The sizes of the convolution that leads the other way.</param>
    /// <param name="x">Input <c>[N, OH, OW, OC]</c>.</param>
    /// <param name="w">Filter <c>[KH, KW, C/G, OC]</c>.</param>
    /// <param name="bias">Bias <c>[C]</c>, or empty for none.</param>
    /// <param name="y">Receives the output <c>[N, H, W, C]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void Forward(Conv2DGeometry g, double[] x, double[] w, double[] bias, double[] y)
    {
        const string Who = "ReferenceConv2DTranspose.Forward";
        Require(Who, g, "x", x, w, "y", y);
        ArgumentNullException.ThrowIfNull(bias);
        SpanLength.RequireOrEmpty(Who, "bias", bias.Length, new Shape(g.C));
        for (int i = 0; i < y.Length; i++)
            y[i] = bias.Length == 0 ? 0 : bias[i % g.C];
        ForEach(g, (input, filter, output) => y[output] += x[input] * w[filter]);
    }

    /// <summary>The gradient with respect to the input: <c>dX[m,i,j,c] = Σ dZ · W</c> over all products of X[m,i,j,c].</summary>
    /// <param name="g">The sizes of the convolution that leads the other way.</param>
    /// <param name="dy">Gradient of the output <c>[N, H, W, C]</c>.</param>
    /// <param name="w">Filter <c>[KH, KW, C/G, OC]</c>.</param>
    /// <param name="dx">Receives the gradient of the input <c>[N, OH, OW, OC]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void BackwardData(Conv2DGeometry g, double[] dy, double[] w, double[] dx)
    {
        Require("ReferenceConv2DTranspose.BackwardData", g, "dx", dx, w, "dy", dy);
        Array.Clear(dx);
        ForEach(g, (input, filter, output) => dx[input] += dy[output] * w[filter]);
    }

    /// <summary>The gradient with respect to the filter: <c>dW[a,b,k,c] = Σ dZ · X</c> over all products of W[a,b,k,c].</summary>
    /// <param name="g">The sizes of the convolution that leads the other way.</param>
    /// <param name="x">Input <c>[N, OH, OW, OC]</c>.</param>
    /// <param name="dy">Gradient of the output <c>[N, H, W, C]</c>.</param>
    /// <param name="dw">Receives the gradient of the filter <c>[KH, KW, C/G, OC]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void BackwardFilter(Conv2DGeometry g, double[] x, double[] dy, double[] dw)
    {
        Require("ReferenceConv2DTranspose.BackwardFilter", g, "x", x, dw, "dy", dy);
        Array.Clear(dw);
        ForEach(g, (input, filter, output) => dw[filter] += dy[output] * x[input]);
    }

    /// <summary>The gradient with respect to the bias: <c>db[k] = Σ(m,i,j) dZ[m,i,j,k]</c>.</summary>
    /// <param name="g">The sizes of the convolution that leads the other way.</param>
    /// <param name="dy">Gradient of the output <c>[N, H, W, C]</c>.</param>
    /// <param name="db">Receives the gradient of the bias <c>[C]</c>.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void BackwardBias(Conv2DGeometry g, double[] dy, double[] db)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(dy);
        ArgumentNullException.ThrowIfNull(db);
        const string Who = "ReferenceConv2DTranspose.BackwardBias";
        SpanLength.Require(Who, "dy", dy.Length, g.Input);
        SpanLength.Require(Who, "db", db.Length, new Shape(g.C));
        Array.Clear(db);
        for (int i = 0; i < dy.Length; i++)
            db[i % g.C] += dy[i];
    }

    // Every product of the sums, by the indices of its three tensors.
    private static void ForEach(Conv2DGeometry g, Product product)
    {
        for (int m = 0; m < g.N; m++)
            for (int i = 0; i < g.OH; i++)
                for (int j = 0; j < g.OW; j++)
                    for (int a = 0; a < g.KH; a++)
                        for (int b = 0; b < g.KW; b++)
                        {
                            int row = (i * g.StrideH) + (a * g.DilationH) - g.PadTop;
                            int column = (j * g.StrideW) + (b * g.DilationW) - g.PadLeft;
                            if (row < 0 || row >= g.H || column < 0 || column >= g.W)
                                continue;
                            for (int c = 0; c < g.OC; c++)
                                for (int k = 0; k < g.GroupC; k++)
                                {
                                    product(
                                        (((((m * g.OH) + i) * g.OW) + j) * g.OC) + c,
                                        (((((a * g.KW) + b) * g.GroupC) + k) * g.OC) + c,
                                        (((((m * g.H) + row) * g.W) + column) * g.C) + (c / g.GroupOC * g.GroupC) + k);
                                }
                        }
    }

    private static void Require(string who, Conv2DGeometry g, string input, double[] x, double[] w, string output, double[] y)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(w);
        ArgumentNullException.ThrowIfNull(y);
        SpanLength.Require(who, input, x.Length, g.Output);
        SpanLength.Require(who, "filter", w.Length, g.Filter.ToShape());
        SpanLength.Require(who, output, y.Length, g.Input);
    }
}
