using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>The window that a layer's options describe.</summary>
internal static class WindowOptions
{
    public static Window2D Window(Size2D size, Size2D stride, Size2D? dilation, Padding padding)
    {
        Size2D spread = dilation ?? 1;
        return new Window2D(size.Height, size.Width, stride.Height, stride.Width, spread.Height, spread.Width, padding);
    }

    /// <summary>The window of a layer of sequences: of one row; explicit padding is that of left and right.</summary>
    /// <exception cref="ArgumentException">The padding has other rows than none or as many as columns.</exception>
    public static Window2D Row(string kind, int size, int stride, int dilation, Padding padding)
    {
        if (padding.Mode == PaddingMode.Explicit)
        {
            bool isSquare = padding.Top == padding.Left && padding.Bottom == padding.Right;
            if (!isSquare && (padding.Top != 0 || padding.Bottom != 0))
                throw new ArgumentException($"{kind}: padding is {padding} (top, left, bottom, right); expected no padding of rows, or " +
                    "Padding.Explicit of one number.", nameof(padding));
            padding = Padding.Explicit(0, padding.Left, 0, padding.Right);
        }

        return new Window2D(1, size, 1, stride, 1, dilation, padding);
    }
}
