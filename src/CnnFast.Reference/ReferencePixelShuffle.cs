namespace CnnFast.Reference;

/// <summary>
/// Channels that become pixels (Shi et al. 2016), <c>[N, H, W, C·F²]</c> to <c>[N, H·F, W·F, C]</c>:
/// <c>y[h·F + i, w·F + j, c] = x[h, w, c·F² + i·F + j]</c>. Thread-safe.
/// </summary>
public static class ReferencePixelShuffle
{
    /// <summary>The output.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="factor">F.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">Receives the output.</param>
    /// <exception cref="ShapeException">A span has another length than the input.</exception>
    public static void Forward(Shape input, int factor, ReadOnlySpan<double> x, Span<double> y)
    {
        SpanLength.Require("ReferencePixelShuffle.Forward", "x", x.Length, input);
        SpanLength.Require("ReferencePixelShuffle.Forward", "y", y.Length, input);
        for (int o = 0; o < y.Length; o++)
            y[o] = x[Source(input, factor, o)];
    }

    /// <summary>The gradient of the input.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="factor">F.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="dx">Receives the gradient of the input.</param>
    /// <exception cref="ShapeException">A span has another length than the input.</exception>
    public static void Backward(Shape input, int factor, ReadOnlySpan<double> dy, Span<double> dx)
    {
        SpanLength.Require("ReferencePixelShuffle.Backward", "dy", dy.Length, input);
        SpanLength.Require("ReferencePixelShuffle.Backward", "dx", dx.Length, input);
        for (int o = 0; o < dy.Length; o++)
            dx[Source(input, factor, o)] = dy[o];
    }

    private static int Source(Shape input, int factor, int element)
    {
        int channels = input[3] / factor / factor;
        int width = input[2] * factor, height = input[1] * factor;
        int c = element % channels;
        int column = element / channels % width;
        int row = element / channels / width % height;
        int image = element / channels / width / height;
        int channel = (c * factor * factor) + (row % factor * factor) + (column % factor);
        return (((((image * input[1]) + (row / factor)) * input[2]) + (column / factor)) * input[3]) + channel;
    }
}
