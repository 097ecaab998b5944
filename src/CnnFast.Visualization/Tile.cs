namespace CnnFast.Visualization;

/// <summary>A small picture of a grid, with a word above it; it may have parts of one size, between which there are lines.</summary>
/// <param name="Label">The word.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Colors">The pixels.</param>
/// <param name="Across">How many parts stand side by side.</param>
/// <param name="Down">How many parts stand below each other.</param>
internal sealed record Tile(string Label, int Width, int Height, Rgb[] Colors, int Across = 1, int Down = 1)
{
    private const int Line = 1;

    public static Tile Of(string label, HeatMap map, ColorScale scale)
    {
        var colors = new Rgb[map.Values.Length];
        ReadOnlySpan<float> values = map.Values.Span;
        for (int i = 0; i < colors.Length; i++)
            colors[i] = scale.Color(values[i]);
        return new Tile(label, map.Width, map.Height, colors);
    }

    /// <summary>The sides in a cell: whole multiples and lines where they fit, else made smaller, the proportions kept.</summary>
    public (int Width, int Height) SizeIn(int cell)
    {
        int parts = Math.Max(Across, Down);
        int room = Math.Max(1, (cell - ((parts - 1) * Line)) / parts);
        (int width, int height) = (Width / Across, Height / Down);
        int side = Math.Max(width, height);
        (width, height) = side <= room
            ? (width * (room / side), height * (room / side))
            : (Math.Max(1, (int)((long)width * room / side)), Math.Max(1, (int)((long)height * room / side)));
        return ((Across * (width + Line)) - Line, (Down * (height + Line)) - Line);
    }

    /// <summary>Draws it in a size that <see cref="SizeIn"/> gives; where it becomes smaller, a pixel is the mean of those that it covers.
    /// </summary>
    public void Draw(Picture picture, int x, int y, int width, int height)
    {
        if (Across * Down > 1)
            picture.Fill(x, y, width, height, Rgb.Line);
        (width, height) = ((width + Line) / Across, (height + Line) / Down);
        for (int part = 0; part < Across * Down; part++)
        {
            (int down, int across) = Math.DivRem(part, Across);
            DrawPart(picture, across, down, x + (across * width), y + (down * height), width - Line, height - Line);
        }
    }

    private void DrawPart(Picture picture, int across, int down, int x, int y, int width, int height)
    {
        (int fromX, int fromY) = (across * (Width / Across), down * (Height / Down));
        for (int row = 0; row < height; row++)
        {
            (int top, int bottom) = Part(row, height, Height / Down);
            for (int column = 0; column < width; column++)
            {
                (int left, int right) = Part(column, width, Width / Across);
                picture.Set(x + column, y + row, Mean(fromX + left, fromY + top, fromX + right, fromY + bottom));
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
