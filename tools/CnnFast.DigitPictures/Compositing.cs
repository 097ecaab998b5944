namespace CnnFast.DigitPictures;

/// <summary>Lays a picture with see-through parts on its background and takes its light.</summary>
internal static class Compositing
{
    /// <summary>
    /// The light of a picture of <paramref name="width"/> × <paramref name="height"/> pixels of red, green, blue, alpha bytes. Where most
    /// of its border can be seen through, the background is the opposite of what is drawn: dark ink lies on white paper, light ink on
    /// black. Else it is the border's own light.
    /// </summary>
    public static GreyImage Flatten(int width, int height, ReadOnlySpan<byte> rgba)
    {
        var light = new float[width * height];
        double lit = 0;
        double covered = 0;
        for (int i = 0; i < light.Length; i++)
        {
            ReadOnlySpan<byte> pixel = rgba.Slice(i * 4, 4);
            light[i] = ((0.299f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2])) / 255f;
            lit += light[i] * pixel[3];
            covered += pixel[3];
        }

        var picture = new GreyImage(width, height, light);
        if (covered < 255.0 * light.Length)
        {
            float[] borderCover = BorderCover(picture, rgba);
            float background = borderCover.Average() < 0.5
                ? lit < 0.5 * covered ? 1 : 0
                : OpaqueBorder(picture, borderCover);
            for (int i = 0; i < light.Length; i++)
                light[i] = background + ((light[i] - background) * rgba[(i * 4) + 3] / 255f);
        }

        return picture;
    }

    private static float[] BorderCover(GreyImage picture, ReadOnlySpan<byte> rgba)
    {
        var cover = new List<float>();
        foreach (int i in picture.BorderIndices())
            cover.Add(rgba[(i * 4) + 3] / 255f);
        return [.. cover];
    }

    private static float OpaqueBorder(GreyImage picture, float[] borderCover)
    {
        float[] border = [.. picture.Border().Where((_, i) => borderCover[i] >= 0.5f).Order()];
        return border[border.Length / 2];
    }
}
