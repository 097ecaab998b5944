namespace CnnFast.DigitPictures;

/// <summary>A picture without colour: rows from the top, each value from 0 (black) to 1 (white).</summary>
internal sealed class GreyImage
{
    public GreyImage(int width, int height, float[] values)
    {
        if (values.Length != (long)width * height)
            throw new ShapeException(
                $"GreyImage: {values.Length} values were given for {width}×{height} pixels; expected {(long)width * height}.");
        Width = width;
        Height = height;
        Values = values;
    }

    public int Width { get; }

    public int Height { get; }

    public float[] Values { get; }

    /// <summary>The values of the outermost pixels, each once.</summary>
    public float[] Border() => [.. BorderIndices().Select(i => Values[i])];

    /// <summary>Where the outermost pixels are in <see cref="Values"/>, each once, in order.</summary>
    public IEnumerable<int> BorderIndices()
    {
        for (int y = 0; y < Height; y++)
        {
            int step = y == 0 || y == Height - 1 ? 1 : Math.Max(1, Width - 1);
            for (int x = 0; x < Width; x += step)
                yield return (y * Width) + x;
        }
    }
}
