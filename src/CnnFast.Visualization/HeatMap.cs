namespace CnnFast.Visualization;

/// <summary>One number a pixel. Immutable.</summary>
public sealed class HeatMap
{
    internal HeatMap(int height, int width, ReadOnlyMemory<float> values) => (Height, Width, Values) = (height, width, values);

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The numbers, row after row.</summary>
    public ReadOnlyMemory<float> Values { get; }

    internal float this[int y, int x] => Values.Span[(y * Width) + x];

    /// <summary>
    /// The map in another size, bilinearly: the middles of pixels lie at (i + ½) · size / new size − ½, and what lies outside takes the
    /// border's value.
    /// </summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or there are too many pixels.</exception>
    public HeatMap Resize(int height, int width)
    {
        if (height < 1 || width < 1 || (long)height * width > Picture.MaxPixels)
            throw new ArgumentOutOfRangeException(nameof(height), $"HeatMap.Resize: the size is {height}×{width}; expected at least 1×1 " +
                $"and at most {Picture.MaxPixels} pixels.");
        var values = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            (int y0, int y1, float dy) = Between(y, height, Height);
            for (int x = 0; x < width; x++)
            {
                (int x0, int x1, float dx) = Between(x, width, Width);
                float upper = float.Lerp(this[y0, x0], this[y0, x1], dx);
                values[(y * width) + x] = float.Lerp(upper, float.Lerp(this[y1, x0], this[y1, x1], dx), dy);
            }
        }

        return new HeatMap(height, width, values);
    }

    private static (int First, int Second, float Share) Between(int at, int size, int from)
    {
        float place = Math.Clamp(((at + 0.5f) * from / size) - 0.5f, 0, from - 1);
        int first = (int)place;
        return (first, Math.Min(first + 1, from - 1), place - first);
    }
}
