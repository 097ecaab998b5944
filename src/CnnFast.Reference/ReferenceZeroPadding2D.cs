namespace CnnFast.Reference;

/// <summary>Zeros around images <c>[N, H, W, C]</c>, in double, and the gradient. Thread-safe.</summary>
public static class ReferenceZeroPadding2D
{
    /// <summary>The forward pass: <c>y[n, i + top, j + left, c] = x[n, i, j, c]</c>, 0 elsewhere.</summary>
    /// <param name="input">The shape of x.</param>
    /// <param name="sides">Rows and columns of zeros on each side, explicit.</param>
    /// <param name="x">The images.</param>
    /// <param name="y">Receives the padded images.</param>
    public static void Forward(Shape input, Padding sides, ReadOnlySpan<double> x, Span<double> y)
    {
        y.Clear();
        for (int o = 0; o < x.Length; o++)
            y[Place(input, sides, o)] = x[o];
    }

    /// <summary>The gradient: <c>dx[n, i, j, c] = dy[n, i + top, j + left, c]</c>.</summary>
    /// <param name="input">The shape of x.</param>
    /// <param name="sides">Rows and columns of zeros on each side, explicit.</param>
    /// <param name="dy">The gradient of the padded images.</param>
    /// <param name="dx">Receives the gradient of the images.</param>
    public static void Backward(Shape input, Padding sides, ReadOnlySpan<double> dy, Span<double> dx)
    {
        for (int o = 0; o < dx.Length; o++)
            dx[o] = dy[Place(input, sides, o)];
    }

    private static int Place(Shape input, Padding sides, int index)
    {
        int c = index % input[3], j = index / input[3] % input[2], i = index / input[3] / input[2] % input[1],
            n = index / input[3] / input[2] / input[1];
        int height = input[1] + sides.Top + sides.Bottom, width = input[2] + sides.Left + sides.Right;
        return (((((n * height) + i + sides.Top) * width) + j + sides.Left) * input[3]) + c;
    }
}
