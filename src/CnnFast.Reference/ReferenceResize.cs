namespace CnnFast.Reference;

/// <summary>
/// Resizing of images <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>, in double, and its gradient. The caller says where the rows and columns
/// of the result lie on the original, for TensorFlow 2's half-pixel centres <c>(o + ½)·H/OH − ½</c>; places outside the image are those of
/// its first or last pixel. Thread-safe.
/// </summary>
public static class ReferenceResize
{
    /// <summary>Takes one pixel: <c>y[n, i, j, c] = x[n, row(i), column(j), c]</c>.</summary>
    /// <param name="input">The shape of x.</param>
    /// <param name="output">The shape of y.</param>
    /// <param name="row">The row that a row of y takes.</param>
    /// <param name="column">The column that a column of y takes.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">Receives the result.</param>
    public static void Nearest(Shape input, Shape output, Func<int, int> row, Func<int, int> column, ReadOnlySpan<double> x, Span<double> y)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(column);
        for (int o = 0; o < y.Length; o++)
        {
            (int n, int i, int j, int c) = Split(output, o);
            y[o] = x[At(input, n, row(i), column(j), c)];
        }
    }

    /// <summary>The gradient of <see cref="Nearest"/>: <c>dx[n, row(i), column(j), c]</c> sums <c>dy[n, i, j, c]</c>.</summary>
    /// <param name="input">The shape of x.</param>
    /// <param name="output">The shape of y.</param>
    /// <param name="row">The row that a row of y takes.</param>
    /// <param name="column">The column that a column of y takes.</param>
    /// <param name="dy">The gradient of the result.</param>
    /// <param name="dx">Receives the gradient of the images.</param>
    public static void NearestBackward(Shape input, Shape output, Func<int, int> row, Func<int, int> column, ReadOnlySpan<double> dy,
        Span<double> dx)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(column);
        dx.Clear();
        for (int o = 0; o < dy.Length; o++)
        {
            (int n, int i, int j, int c) = Split(output, o);
            dx[At(input, n, row(i), column(j), c)] += dy[o];
        }
    }

    /// <summary>
    /// Weighs the four pixels around a place: with r the place of the row clamped to the image, i = ⌊r⌋ and t = r − i, rows i and i + 1
    /// count 1 − t and t; columns likewise.
    /// </summary>
    /// <param name="input">The shape of x.</param>
    /// <param name="output">The shape of y.</param>
    /// <param name="row">Where a row of y lies.</param>
    /// <param name="column">Where a column of y lies.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">Receives the result.</param>
    public static void Bilinear(Shape input, Shape output, Func<int, double> row, Func<int, double> column, ReadOnlySpan<double> x,
        Span<double> y)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(column);
        for (int o = 0; o < y.Length; o++)
        {
            (int n, int i, int j, int c) = Split(output, o);
            (int top, int bottom, double t) = Around(row(i), input[1]);
            (int left, int right, double u) = Around(column(j), input[2]);
            y[o] = ((1 - t) * (((1 - u) * x[At(input, n, top, left, c)]) + (u * x[At(input, n, top, right, c)])))
                + (t * (((1 - u) * x[At(input, n, bottom, left, c)]) + (u * x[At(input, n, bottom, right, c)])));
        }
    }

    /// <summary>The gradient of <see cref="Bilinear"/>: each of the four pixels gets its weight's share.</summary>
    /// <param name="input">The shape of x.</param>
    /// <param name="output">The shape of y.</param>
    /// <param name="row">Where a row of y lies.</param>
    /// <param name="column">Where a column of y lies.</param>
    /// <param name="dy">The gradient of the result.</param>
    /// <param name="dx">Receives the gradient of the images.</param>
    public static void BilinearBackward(Shape input, Shape output, Func<int, double> row, Func<int, double> column, ReadOnlySpan<double> dy,
        Span<double> dx)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(column);
        dx.Clear();
        for (int o = 0; o < dy.Length; o++)
        {
            (int n, int i, int j, int c) = Split(output, o);
            (int top, int bottom, double t) = Around(row(i), input[1]);
            (int left, int right, double u) = Around(column(j), input[2]);
            dx[At(input, n, top, left, c)] += (1 - t) * (1 - u) * dy[o];
            dx[At(input, n, top, right, c)] += (1 - t) * u * dy[o];
            dx[At(input, n, bottom, left, c)] += t * (1 - u) * dy[o];
            dx[At(input, n, bottom, right, c)] += t * u * dy[o];
        }
    }

    private static (int Before, int After, double Weight) Around(double place, int length)
    {
        double inside = Math.Clamp(place, 0, length - 1);
        int before = (int)Math.Floor(inside);
        return (before, Math.Min(before + 1, length - 1), inside - before);
    }

    private static (int N, int I, int J, int C) Split(Shape shape, int index) =>
        (index / shape[3] / shape[2] / shape[1], index / shape[3] / shape[2] % shape[1], index / shape[3] % shape[2], index % shape[3]);

    private static int At(Shape shape, int n, int i, int j, int c) => (((((n * shape[1]) + i) * shape[2]) + j) * shape[3]) + c;
}
