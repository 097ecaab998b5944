namespace CnnFast.Reference;

/// <summary>
/// A fully connected layer by its definition, in double: <c>Z[m,k] = b[k] + Σ(c) X[m,c] · W[c,k]</c> with input <c>[N, IC]</c>, weights
/// <c>[IC, OC]</c> and output <c>[N, OC]</c>. The backward functions follow by the chain rule (Rumelhart, Hinton and Williams, "Learning
/// representations by back-propagating errors", 1986); they sum over the batch. All functions overwrite their output and are thread-safe.
/// </summary>
public static class ReferenceDense
{
    /// <summary>The forward pass: <c>Z = X·W + b</c>.</summary>
    /// <param name="n">Samples in the batch.</param>
    /// <param name="ic">Features of the input.</param>
    /// <param name="oc">Features of the output.</param>
    /// <param name="x">Input <c>[N, IC]</c>.</param>
    /// <param name="w">Weights <c>[IC, OC]</c>.</param>
    /// <param name="bias">Bias <c>[OC]</c>, or empty for none.</param>
    /// <param name="y">Receives the output <c>[N, OC]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void Forward(int n, int ic, int oc, ReadOnlySpan<double> x, ReadOnlySpan<double> w, ReadOnlySpan<double> bias,
        Span<double> y)
    {
        const string Who = "ReferenceDense.Forward";
        SpanLength.Require(Who, "x", x.Length, new Shape(n, ic));
        SpanLength.Require(Who, "w", w.Length, new Shape(ic, oc));
        SpanLength.RequireOrEmpty(Who, "bias", bias.Length, new Shape(oc));
        SpanLength.Require(Who, "y", y.Length, new Shape(n, oc));

        for (int m = 0; m < n; m++)
            for (int k = 0; k < oc; k++)
            {
                double sum = bias.IsEmpty ? 0 : bias[k];
                for (int c = 0; c < ic; c++)
                    sum += x[(m * ic) + c] * w[(c * oc) + k];
                y[(m * oc) + k] = sum;
            }
    }

    /// <summary>The gradient with respect to the input: <c>dX[m,c] = Σ(k) dZ[m,k] · W[c,k]</c>.</summary>
    /// <param name="n">Samples in the batch.</param>
    /// <param name="ic">Features of the input.</param>
    /// <param name="oc">Features of the output.</param>
    /// <param name="dy">Gradient of the output <c>[N, OC]</c>.</param>
    /// <param name="w">Weights <c>[IC, OC]</c>.</param>
    /// <param name="dx">Receives the gradient of the input <c>[N, IC]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void BackwardData(int n, int ic, int oc, ReadOnlySpan<double> dy, ReadOnlySpan<double> w, Span<double> dx)
    {
        const string Who = "ReferenceDense.BackwardData";
        SpanLength.Require(Who, "dy", dy.Length, new Shape(n, oc));
        SpanLength.Require(Who, "w", w.Length, new Shape(ic, oc));
        SpanLength.Require(Who, "dx", dx.Length, new Shape(n, ic));

        for (int m = 0; m < n; m++)
            for (int c = 0; c < ic; c++)
            {
                double sum = 0;
                for (int k = 0; k < oc; k++)
                    sum += dy[(m * oc) + k] * w[(c * oc) + k];
                dx[(m * ic) + c] = sum;
            }
    }

    /// <summary>The gradient with respect to the weights: <c>dW[c,k] = Σ(m) dZ[m,k] · X[m,c]</c>, summed over the batch.</summary>
    /// <param name="n">Samples in the batch.</param>
    /// <param name="ic">Features of the input.</param>
    /// <param name="oc">Features of the output.</param>
    /// <param name="x">Input <c>[N, IC]</c>.</param>
    /// <param name="dy">Gradient of the output <c>[N, OC]</c>.</param>
    /// <param name="dw">Receives the gradient of the weights <c>[IC, OC]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void BackwardFilter(int n, int ic, int oc, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dw)
    {
        const string Who = "ReferenceDense.BackwardFilter";
        SpanLength.Require(Who, "x", x.Length, new Shape(n, ic));
        SpanLength.Require(Who, "dy", dy.Length, new Shape(n, oc));
        SpanLength.Require(Who, "dw", dw.Length, new Shape(ic, oc));

        for (int c = 0; c < ic; c++)
            for (int k = 0; k < oc; k++)
            {
                double sum = 0;
                for (int m = 0; m < n; m++)
                    sum += dy[(m * oc) + k] * x[(m * ic) + c];
                dw[(c * oc) + k] = sum;
            }
    }

    /// <summary>The gradient with respect to the bias: <c>db[k] = Σ(m) dZ[m,k]</c>, summed over the batch.</summary>
    /// <param name="n">Samples in the batch.</param>
    /// <param name="oc">Features of the output.</param>
    /// <param name="dy">Gradient of the output <c>[N, OC]</c>.</param>
    /// <param name="db">Receives the gradient of the bias <c>[OC]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void BackwardBias(int n, int oc, ReadOnlySpan<double> dy, Span<double> db)
    {
        const string Who = "ReferenceDense.BackwardBias";
        SpanLength.Require(Who, "dy", dy.Length, new Shape(n, oc));
        SpanLength.Require(Who, "db", db.Length, new Shape(oc));

        for (int k = 0; k < oc; k++)
        {
            double sum = 0;
            for (int m = 0; m < n; m++)
                sum += dy[(m * oc) + k];
            db[k] = sum;
        }
    }
}
