namespace CnnFast.Reference;

/// <summary>
/// Pooling to a given size by its definition, in double: pixel (i, j) of <c>[N, OH, OW, C]</c> is that of the rows ⌊i·H / OH⌋ to
/// ⌈(i + 1)·H / OH⌉ − 1 and of such columns of <c>[N, H, W, C]</c>, as PyTorch has it. All functions overwrite their output and are
/// thread-safe.
/// </summary>
public static class ReferenceAdaptivePool2D
{
    /// <summary>The mean of each window.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="output">The shape of the output.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">Receives the output.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void AverageForward(Shape input, Shape output, ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.Require("ReferenceAdaptivePool2D.AverageForward", "x", x.Length, input);
        SpanLength.Require("ReferenceAdaptivePool2D.AverageForward", "y", y.Length, output);
        for (int o = 0; o < y.Length; o++)
        {
            List<int> window = Window(input, output, o);
            double sum = 0;
            foreach (int i in window)
                sum += x[i];
            y[o] = sum / window.Count;
        }
    }

    /// <summary>Each window shares its gradient equally.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="output">The shape of the output.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="dx">Receives the gradient of the input.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void AverageBackward(Shape input, Shape output, ReadOnlySpan<double> dy, Span<double> dx)
    {
        SpanLength.Require("ReferenceAdaptivePool2D.AverageBackward", "dy", dy.Length, output);
        SpanLength.Require("ReferenceAdaptivePool2D.AverageBackward", "dx", dx.Length, input);
        dx.Clear();
        for (int o = 0; o < dy.Length; o++)
        {
            List<int> window = Window(input, output, o);
            foreach (int i in window)
                dx[i] += dy[o] / window.Count;
        }
    }

    /// <summary>The first maximum of each window, or its first NaN.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="output">The shape of the output.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">Receives the output.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void MaxForward(Shape input, Shape output, ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.Require("ReferenceAdaptivePool2D.MaxForward", "x", x.Length, input);
        SpanLength.Require("ReferenceAdaptivePool2D.MaxForward", "y", y.Length, output);
        for (int o = 0; o < y.Length; o++)
            y[o] = x[Largest(Window(input, output, o), x)];
    }

    /// <summary>Each window gives its gradient to its first maximum.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="output">The shape of the output.</param>
    /// <param name="x">The input.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="dx">Receives the gradient of the input.</param>
    /// <exception cref="ShapeException">A span has another length than its shape.</exception>
    public static void MaxBackward(Shape input, Shape output, ReadOnlySpan<double> x, ReadOnlySpan<double> dy, Span<double> dx)
    {
        SpanLength.Require("ReferenceAdaptivePool2D.MaxBackward", "x", x.Length, input);
        SpanLength.Require("ReferenceAdaptivePool2D.MaxBackward", "dy", dy.Length, output);
        SpanLength.Require("ReferenceAdaptivePool2D.MaxBackward", "dx", dx.Length, input);
        dx.Clear();
        for (int o = 0; o < dy.Length; o++)
            dx[Largest(Window(input, output, o), x)] += dy[o];
    }

    private static int Largest(List<int> window, ReadOnlySpan<double> x)
    {
        int largest = window[0];
        foreach (int i in window)
        {
            if (!double.IsNaN(x[largest]) && (x[i] > x[largest] || double.IsNaN(x[i])))
                largest = i;
        }

        return largest;
    }

    // The elements that an element of the output reads, row by row.
    private static List<int> Window(Shape input, Shape output, int element)
    {
        int channel = element % output[3];
        int column = element / output[3] % output[2];
        int row = element / output[3] / output[2] % output[1];
        int image = element / output[3] / output[2] / output[1];
        (int top, int bottom) = Range(input[1], output[1], row);
        (int left, int right) = Range(input[2], output[2], column);
        var window = new List<int>();
        for (int i = top; i < bottom; i++)
        {
            for (int j = left; j < right; j++)
                window.Add((((((image * input[1]) + i) * input[2]) + j) * input[3]) + channel);
        }

        return window;
    }

    private static (int Begin, int End) Range(int input, int output, int position) => (
        (int)Math.Floor((double)position * input / output),
        (int)Math.Ceiling((position + 1.0) * input / output));
}
