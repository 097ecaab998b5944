namespace CnnFast.Reference;

/// <summary>
/// Softmax over each row of <c>[rows, classes]</c>, in double: <c>y[c] = exp(x[c] − max) / Σ(k) exp(x[k] − max)</c>. Subtracting
/// the maximum of the row changes nothing but the range (Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 4.1).
/// Every row sums to 1. Thread-safe.
/// </summary>
public static class ReferenceSoftmax
{
    /// <summary>The forward pass. A row that holds a NaN or +∞, or −∞ alone, becomes NaN.</summary>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Values of a row.</param>
    /// <param name="x">Input <c>[rows, classes]</c>.</param>
    /// <param name="y">Receives the output <c>[rows, classes]</c>; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void Forward(int rows, int classes, ReadOnlySpan<double> x, Span<double> y)
    {
        const string Who = "ReferenceSoftmax.Forward";
        SpanLength.Require(Who, "x", x.Length, new Shape(rows, classes));
        SpanLength.Require(Who, "y", y.Length, new Shape(rows, classes));

        for (int m = 0; m < rows; m++)
        {
            ReadOnlySpan<double> row = x.Slice(m * classes, classes);
            double max = Maximum(row);
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += Math.Exp(row[c] - max);
            for (int c = 0; c < classes; c++)
                y[(m * classes) + c] = Math.Exp(row[c] - max) / sum;
        }
    }

    /// <summary>The gradient with respect to the input: <c>dx[c] = y[c] · (dy[c] − Σ(k) dy[k]·y[k])</c>, row by row.</summary>
    /// <param name="rows">Samples.</param>
    /// <param name="classes">Values of a row.</param>
    /// <param name="y">Output of the forward pass <c>[rows, classes]</c>.</param>
    /// <param name="dy">Gradient of the output <c>[rows, classes]</c>.</param>
    /// <param name="dx">Receives the gradient of the input <c>[rows, classes]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void Backward(int rows, int classes, ReadOnlySpan<double> y, ReadOnlySpan<double> dy, Span<double> dx)
    {
        const string Who = "ReferenceSoftmax.Backward";
        SpanLength.Require(Who, "y", y.Length, new Shape(rows, classes));
        SpanLength.Require(Who, "dy", dy.Length, new Shape(rows, classes));
        SpanLength.Require(Who, "dx", dx.Length, new Shape(rows, classes));

        for (int m = 0; m < rows; m++)
        {
            double dot = 0;
            for (int c = 0; c < classes; c++)
                dot += dy[(m * classes) + c] * y[(m * classes) + c];
            for (int c = 0; c < classes; c++)
                dx[(m * classes) + c] = y[(m * classes) + c] * (dy[(m * classes) + c] - dot);
        }
    }

    /// <summary>The largest value of a row; NaN where the row holds one.</summary>
    internal static double Maximum(ReadOnlySpan<double> row)
    {
        double max = double.NegativeInfinity;
        foreach (double value in row)
            max = Math.Max(max, value);
        return max;
    }
}
