namespace CnnFast.DigitPictures;

/// <summary>
/// Resizes with a triangle filter, one axis after the other: linear interpolation when it enlarges; when it shrinks, the triangle widens
/// with the scale, so that every source pixel counts (antialiasing).
/// </summary>
internal static class Resampling
{
    /// <summary>
    /// A box of a picture, resized to <paramref name="width"/> × <paramref name="height"/>. What lies outside the box does not count.
    /// </summary>
    public static GreyImage Resize(GreyImage source, InkBox box, int width, int height)
    {
        var narrow = new float[width * box.Height];
        for (int x = 0; x < width; x++)
        {
            (int first, float[] weights) = Weights(x, box.Width, width);
            for (int y = 0; y < box.Height; y++)
                narrow[(y * width) + x] = Sum(source.Values, ((box.Y + y) * source.Width) + box.X + first, 1, weights);
        }

        var result = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            (int first, float[] weights) = Weights(y, box.Height, height);
            for (int x = 0; x < width; x++)
                result[(y * width) + x] = Sum(narrow, (first * width) + x, width, weights);
        }

        return new GreyImage(width, height, result);
    }

    private static (int First, float[] Weights) Weights(int target, int from, int to)
    {
        double scale = (double)from / to;
        double support = Math.Max(1, scale);
        double center = (target + 0.5) * scale;
        int first = Math.Max(0, (int)Math.Floor(center - support));
        int last = Math.Min(from - 1, (int)Math.Ceiling(center + support) - 1);
        var weights = new double[last - first + 1];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Math.Max(0, 1 - (Math.Abs(first + i + 0.5 - center) / support));
        double sum = weights.Sum();
        return (first, [.. weights.Select(weight => (float)(weight / sum))]);
    }

    private static float Sum(float[] values, int at, int step, float[] weights)
    {
        float sum = 0;
        foreach (float weight in weights)
        {
            sum += weight * values[at];
            at += step;
        }

        return sum;
    }
}
