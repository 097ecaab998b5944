namespace CnnFast.Cli.Tests;

/// <summary>A picture of one digit as a person might have it: where the digit lies, how large, on what. Values are ink, 0 to 1.</summary>
internal sealed class Picture
{
    private Picture(int width, int height, float[] ink)
    {
        Width = width;
        Height = height;
        Ink = ink;
    }

    public int Width { get; }

    public int Height { get; }

    public float[] Ink { get; }

    /// <summary>
    /// A digit of 28×28 bytes, magnified and laid on a field with its upper left corner at
    /// (<paramref name="left"/>, <paramref name="top"/>).
    /// </summary>
    public static Picture Of(ReadOnlySpan<byte> digit, double scale, int width, int height, double left, double top)
    {
        var ink = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                ink[(y * width) + x] = Sample(digit, ((x + 0.5 - left) / scale) - 0.5, ((y + 0.5 - top) / scale) - 0.5);
        }

        return new Picture(width, height, ink);
    }

    /// <summary>Ink of one shade of grey on paper of another, 0 to 255.</summary>
    public byte[] Grey(int paper, int ink) => Png.Encode(Width, Height, Png.Grey, [.. Ink.Select(value => Mix(paper, ink, value))]);

    /// <summary>Coloured ink on coloured paper.</summary>
    public byte[] Colour((int R, int G, int B) paper, (int R, int G, int B) ink) => Png.Encode(
        Width, Height, Png.Colour,
        [.. Ink.SelectMany(value => new[] { Mix(paper.R, ink.R, value), Mix(paper.G, ink.G, value), Mix(paper.B, ink.B, value) })]);

    /// <summary>Ink of one shade on nothing: the paper can be seen through, and its hidden colour is <paramref name="hidden"/>.</summary>
    public byte[] SeeThrough(int ink, int hidden) => Png.Encode(
        Width, Height, Png.ColourAlpha, [.. Ink.SelectMany(value => value > 0
            ? new[] { (byte)ink, (byte)ink, (byte)ink, Mix(0, 255, value) }
            : [(byte)hidden, (byte)hidden, (byte)hidden, (byte)0])]);

    /// <summary>Dark ink on paper with a grain of up to <paramref name="grain"/> shades and a few specks.</summary>
    public byte[] Scan(int paper, int ink, int grain, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = [.. Ink.Select(value => (byte)Math.Clamp(Mix(paper, ink, value) + random.Next(-grain, grain + 1), 0, 255))];
        for (int i = 0; i < 3; i++)
            pixels[random.Next(pixels.Length)] = (byte)ink;
        return Png.Encode(Width, Height, Png.Grey, pixels);
    }

    /// <summary>The same digit with its strokes cut thin: only the middle of each is left, as a pencil draws it.</summary>
    public Picture Thin(float from) => new(Width, Height, [.. Ink.Select(value => Math.Clamp((value - from) / (1 - from), 0, 1))]);

    private static byte Mix(int paper, int ink, float value) => (byte)Math.Round(paper + ((ink - paper) * value));

    private static float Sample(ReadOnlySpan<byte> digit, double x, double y)
    {
        int x0 = (int)Math.Floor(x);
        int y0 = (int)Math.Floor(y);
        float fx = (float)(x - x0);
        float fy = (float)(y - y0);
        float upper = (At(digit, x0, y0) * (1 - fx)) + (At(digit, x0 + 1, y0) * fx);
        float lower = (At(digit, x0, y0 + 1) * (1 - fx)) + (At(digit, x0 + 1, y0 + 1) * fx);
        return ((upper * (1 - fy)) + (lower * fy)) / 255f;
    }

    private static float At(ReadOnlySpan<byte> digit, int x, int y) => x is < 0 or > 27 || y is < 0 or > 27 ? 0 : digit[(y * 28) + x];
}
