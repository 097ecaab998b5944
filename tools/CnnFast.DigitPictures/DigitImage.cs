namespace CnnFast.DigitPictures;

/// <summary>
/// Turns any picture of one digit into the bytes that a network trained on MNIST expects, the way MNIST was made: light ink on black, its
/// box scaled into 20×20 of 28×28 with the aspect kept, and placed so that the centre of mass of the ink lies in the pixel right
/// below the centre of the field, as it does in every image of MNIST (LeCun, Cortes and Burges). Other sizes of
/// the field scale the box with it.
/// </summary>
internal static class DigitImage
{
    // Larger pictures are shrunk first: strokes stay many pixels wide, and the work stays small.
    private const int MaxSide = 1024;

    private const double BoxShare = 20.0 / 28.0;

    // Strokes thinner than a target pixel come out grey; the ink is scaled up until this share of the drawn pixels is full.
    private const double FullShare = 0.1;

    /// <summary>
    /// The bytes of a picture for a field of <paramref name="height"/> × <paramref name="width"/> pixels; null when nothing is drawn.
    /// </summary>
    public static byte[]? Prepare(GreyImage picture, int height, int width)
    {
        if (IsPrepared(picture, height, width))
            return ToBytes(picture.Values);
        if (InkImage.Extract(Shrink(picture)) is not { } ink)
            return null;
        ink = InkParts.WithoutSpecks(ink);
        InkBox box = InkBox.Around(ink);
        double scale = Math.Min(BoxShare * width / box.Width, BoxShare * height / box.Height);
        GreyImage digit = Resampling.Resize(ink, box, Math.Max(1, (int)Math.Round(box.Width * scale)),
            Math.Max(1, (int)Math.Round(box.Height * scale)));
        return ToBytes(Centre(Strengthen(digit), height, width));
    }

    /// <summary>
    /// Whether a picture already is what <see cref="Prepare"/> makes: of the right size, light on a black margin, its ink in the middle.
    /// </summary>
    private static bool IsPrepared(GreyImage picture, int height, int width)
    {
        const float black = 0.04f;
        if (picture.Width != width || picture.Height != height || picture.Border().Average() > black || picture.Values.Max() < 0.5f)
            return false;
        InkBox box = InkBox.Around(picture);
        double size = Math.Max((double)box.Width / width, (double)box.Height / height);
        (double x, double y) = CentreOfMass(picture);
        return size is > BoxShare * 0.85 and < BoxShare * 1.15 && Math.Abs(x - (width / 2) - 0.5) < 1
            && Math.Abs(y - (height / 2) - 0.5) < 1;
    }

    private static GreyImage Shrink(GreyImage picture)
    {
        double scale = (double)MaxSide / Math.Max(picture.Width, picture.Height);
        return scale >= 1
            ? picture
            : Resampling.Resize(picture, new InkBox(0, 0, picture.Width, picture.Height), Math.Max(1, (int)(picture.Width * scale)),
                Math.Max(1, (int)(picture.Height * scale)));
    }

    private static GreyImage Strengthen(GreyImage digit)
    {
        float[] drawn = [.. digit.Values.Where(value => value > 0).Order()];
        float full = drawn[Math.Min(drawn.Length - 1, (int)((1 - FullShare) * drawn.Length))];
        return new GreyImage(digit.Width, digit.Height, [.. digit.Values.Select(value => Math.Min(1, value / full))]);
    }

    private static float[] Centre(GreyImage digit, int height, int width)
    {
        (double x, double y) = CentreOfMass(digit);
        int left = Math.Clamp((int)Math.Ceiling((width / 2) - x), 0, width - digit.Width);
        int top = Math.Clamp((int)Math.Ceiling((height / 2) - y), 0, height - digit.Height);
        var field = new float[height * width];
        for (int row = 0; row < digit.Height; row++)
            digit.Values.AsSpan(row * digit.Width, digit.Width).CopyTo(field.AsSpan(((top + row) * width) + left));
        return field;
    }

    // In pixels from the left and upper edge: the middle of the first pixel is at 0.5.
    private static (double X, double Y) CentreOfMass(GreyImage image)
    {
        double sum = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < image.Values.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, image.Width);
            sum += image.Values[i];
            x += image.Values[i] * (column + 0.5);
            y += image.Values[i] * (row + 0.5);
        }

        return (x / sum, y / sum);
    }

    private static byte[] ToBytes(float[] values) => [.. values.Select(value => (byte)MathF.Round(value * 255))];
}
