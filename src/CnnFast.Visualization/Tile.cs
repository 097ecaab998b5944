namespace CnnFast.Visualization;

/// <summary>A small picture of a grid, with a word above it.</summary>
/// <param name="Label">The word.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Colors">The pixels.</param>
internal sealed record Tile(string Label, int Width, int Height, Rgb[] Colors)
{
    public static Tile Of(string label, HeatMap map, ColorScale scale)
    {
        var colors = new Rgb[map.Values.Length];
        ReadOnlySpan<float> values = map.Values.Span;
        for (int i = 0; i < colors.Length; i++)
            colors[i] = scale.Color(values[i]);
        return new Tile(label, map.Width, map.Height, colors);
    }

    /// <summary>The sides in a cell: whole multiples where it fits, else made smaller, the proportions kept.</summary>
    public (int Width, int Height) SizeIn(int cell)
    {
        int side = Math.Max(Width, Height);
        if (side <= cell)
            return (Width * (cell / side), Height * (cell / side));
        return (Math.Max(1, (int)((long)Width * cell / side)), Math.Max(1, (int)((long)Height * cell / side)));
    }

    /// <summary>Draws it; where it becomes smaller, a pixel is the mean of those that it covers.</summary>
    public void Draw(Picture picture, int x, int y, int width, int height)
    {
        for (int row = 0; row < height; row++)
        {
            (int top, int bottom) = Part(row, height, Height);
            for (int column = 0; column < width; column++)
            {
                (int left, int right) = Part(column, width, Width);
                picture.Set(x + column, y + row, Mean(left, top, right, bottom));
            }
        }
    }

    private static (int From, int To) Part(int at, int size, int from)
    {
        int first = (int)((long)at * from / size);
        return (first, Math.Max(first + 1, (int)((long)(at + 1) * from / size)));
    }

    private Rgb Mean(int left, int top, int right, int bottom)
    {
        if (right == left + 1 && bottom == top + 1)
            return Colors[(top * Width) + left];
        (int r, int g, int b, int count) = (0, 0, 0, (right - left) * (bottom - top));
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                Rgb color = Colors[(y * Width) + x];
                (r, g, b) = (r + color.R, g + color.G, b + color.B);
            }
        }

        return new Rgb((byte)(r / count), (byte)(g / count), (byte)(b / count));
    }
}
