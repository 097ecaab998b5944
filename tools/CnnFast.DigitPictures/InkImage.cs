namespace CnnFast.DigitPictures;

/// <summary>What is drawn in a picture, apart from what it is drawn on: 0 is paper, 1 is full ink.</summary>
internal static class InkImage
{
    // Less contrast than this, of 1, is paper alone.
    private const float MinContrast = 0.08f;

    // The paper's own grain, in median deviations of the border, and the most of the ink's scale that it may take away.
    private const float GrainFactor = 4;
    private const float MaxGrain = 0.4f;

    /// <summary>Takes the ink of a picture; null when there is none. Paper, light or dark, is what the border shows.</summary>
    public static GreyImage? Extract(GreyImage picture)
    {
        float[] border = picture.Border();
        float paper = Median(border);
        float above = picture.Values.Max() - paper;
        float below = paper - picture.Values.Min();
        float contrast = Math.Max(above, below);
        if (contrast < MinContrast)
            return null;

        float sign = below > above ? -1 : 1;
        float grain = Math.Min(MaxGrain, GrainFactor * Median([.. border.Select(value => Math.Abs(value - paper))]) / contrast);
        var ink = new float[picture.Values.Length];
        for (int i = 0; i < ink.Length; i++)
            ink[i] = Math.Clamp(((sign * (picture.Values[i] - paper) / contrast) - grain) / (1 - grain), 0, 1);
        return new GreyImage(picture.Width, picture.Height, ink);
    }

    private static float Median(float[] values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
