namespace CnnFast.Reference;

/// <summary>Changes of images by their definition, in double, over images <c>[h, w, c]</c>. Thread-safe.</summary>
public static class ReferenceAugmentation
{
    /// <summary>The image between its pixels: bilinear interpolation of the four pixels around a place.</summary>
    /// <param name="h">Rows.</param>
    /// <param name="w">Columns.</param>
    /// <param name="c">Channels of a pixel.</param>
    /// <param name="x">The image <c>[h, w, c]</c>.</param>
    /// <param name="row">The place: 0 is the centre of the first row's pixels.</param>
    /// <param name="column">The place: 0 is the centre of the first column's pixels.</param>
    /// <param name="edge">What lies outside.</param>
    /// <param name="outside">The value of <see cref="ReferenceImageEdge.Constant"/>.</param>
    /// <param name="pixel">Receives <c>[c]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void Sample(int h, int w, int c, ReadOnlySpan<double> x, double row, double column, ReferenceImageEdge edge,
        double outside, Span<double> pixel)
    {
        const string Who = "ReferenceAugmentation.Sample";
        SpanLength.Require(Who, "x", x.Length, new Shape(h, w, c));
        SpanLength.Require(Who, "pixel", pixel.Length, new Shape(c));
        (row, column) = (Place(row, h, edge), Place(column, w, edge));
        double top = Math.Floor(row), left = Math.Floor(column);
        double down = row - top, right = column - left;
        for (int k = 0; k < c; k++)
        {
            double upper = (At(x, top, left, k) * (1 - right)) + (At(x, top, left + 1, k) * right);
            double under = (At(x, top + 1, left, k) * (1 - right)) + (At(x, top + 1, left + 1, k) * right);
            pixel[k] = (upper * (1 - down)) + (under * down);
        }

        double At(ReadOnlySpan<double> x, double i, double j, int k)
        {
            if (edge != ReferenceImageEdge.Constant)
                (i, j) = (Math.Clamp(i, 0, h - 1), Math.Clamp(j, 0, w - 1));
            return i >= 0 && i < h && j >= 0 && j < w ? x[((((int)i * w) + (int)j) * c) + k] : outside;
        }
    }

    /// <summary>Every pixel times a matrix plus a shift, held between two bounds.</summary>
    /// <param name="pixels">Pixels.</param>
    /// <param name="c">Channels of a pixel.</param>
    /// <param name="x">The image <c>[pixels, c]</c>.</param>
    /// <param name="matrix"><c>[c, c]</c>: a row of weights for every channel of the result.</param>
    /// <param name="shift"><c>[c]</c>.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="y">Receives the image <c>[pixels, c]</c>.</param>
    /// <exception cref="ShapeException">A size is below 1, or a span has another length than its shape.</exception>
    public static void MixChannels(int pixels, int c, ReadOnlySpan<double> x, ReadOnlySpan<double> matrix, ReadOnlySpan<double> shift,
        double low, double high, Span<double> y)
    {
        const string Who = "ReferenceAugmentation.MixChannels";
        SpanLength.Require(Who, "x", x.Length, new Shape(pixels, c));
        SpanLength.Require(Who, "matrix", matrix.Length, new Shape(c, c));
        SpanLength.Require(Who, "shift", shift.Length, new Shape(c));
        SpanLength.Require(Who, "y", y.Length, new Shape(pixels, c));
        for (int p = 0; p < pixels; p++)
        {
            for (int k = 0; k < c; k++)
            {
                double sum = shift[k];
                for (int from = 0; from < c; from++)
                    sum += matrix[(k * c) + from] * x[(p * c) + from];
                y[(p * c) + k] = Math.Clamp(sum, low, high);
            }
        }
    }

    private static double Place(double place, int count, ReferenceImageEdge edge)
    {
        if (edge == ReferenceImageEdge.Reflect)
            place = count - 1 - Math.Abs(count - 1 - Math.Abs(place));
        return edge == ReferenceImageEdge.Constant ? place : Math.Clamp(place, 0, count - 1);
    }
}
