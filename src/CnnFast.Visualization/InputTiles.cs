using CnnFast.Data;

namespace CnnFast.Visualization;

/// <summary>The input as a picture, and what is laid over it.</summary>
internal static class InputTiles
{
    private static readonly Rgb Warm = new(214, 40, 20);
    private static readonly Rgb Hot = new(255, 226, 80);

    /// <summary>
    /// The input as the bytes that became it; where it cannot come from bytes, from black, its least value, to white, its largest.
    /// </summary>
    public static (Tile Tile, string Facts) Of(LayerValues input, bool planes, Normalization normalization)
    {
        (int h, int w, int channels) = Size(input.Shape, planes);
        (float[] values, bool isBytes) = Shades(input, planes, normalization, h * w, channels);
        var colors = new Rgb[h * w];
        for (int i = 0; i < colors.Length; i++)
            colors[i] = new Rgb((byte)values[i * channels], (byte)values[(i * channels) + (channels / 3)],
                (byte)values[(i * channels) + (2 * (channels / 3))]);
        string facts = isBytes ? "as its bytes" : $"black {ColorScale.Number(input.Minimum)}, white {ColorScale.Number(input.Maximum)}";
        return (new Tile("input", w, h, colors), $"{w}×{h} pixels, {facts}");
    }

    /// <summary>Whether the input is a picture in grey or colour.</summary>
    public static bool IsPicture(Shape input, bool planes) => input.Rank == 3 && Size(input, planes).C is 1 or 3;

    /// <summary>The magnitudes of a map in grey.</summary>
    public static Tile Saliency(HeatMap map) => Tile.Of("saliency", map, ColorScale.Of(map.Values.Span));

    /// <summary>A map over the picture: the picture in grey where it is 0, over red to yellow where it is largest.</summary>
    public static Tile Cam(Tile picture, HeatMap map)
    {
        HeatMap large = map.Resize(picture.Height, picture.Width);
        float limit = 0;
        foreach (float value in large.Values.Span)
            limit = MathF.Max(limit, value);
        var colors = new Rgb[picture.Colors.Length];
        for (int i = 0; i < colors.Length; i++)
        {
            Rgb from = picture.Colors[i];
            var grey = (byte)(((299 * from.R) + (587 * from.G) + (114 * from.B)) / 1000);
            float share = limit == 0 ? 0 : large.Values.Span[i] / limit;
            colors[i] = Rgb.Lerp(new Rgb(grey, grey, grey), Rgb.Lerp(Warm, Hot, share), 0.75f * share);
        }

        return new Tile("Grad-CAM", picture.Width, picture.Height, colors);
    }

    private static (int H, int W, int C) Size(Shape shape, bool planes) =>
        planes ? (shape[1], shape[2], shape[0]) : (shape[0], shape[1], shape[2]);

    private static (float[] Values, bool IsBytes) Shades(LayerValues input, bool planes, Normalization normalization, int pixels,
        int channels)
    {
        var values = new float[pixels * channels];
        bool isBytes = normalization.Channels == 1 || normalization.Channels == channels;
        for (int i = 0; i < values.Length; i++)
        {
            (int pixel, int c) = Math.DivRem(i, channels);
            float value = input.Values.Span[planes ? (c * pixels) + pixel : i];
            values[i] = value;
            isBytes = isBytes && Byte(value, normalization, c) is >= -0.5 and <= 255.5;
        }

        float span = input.Maximum - input.Minimum;
        for (int i = 0; i < values.Length; i++)
            values[i] = isBytes ? (float)Math.Round(Math.Clamp(Byte(values[i], normalization, i % channels), 0, 255))
                : span > 0 ? 255 * (values[i] - input.Minimum) / span : 0;
        return (values, isBytes);
    }

    private static double Byte(float value, Normalization normalization, int channel) =>
        (value - normalization.OffsetOf(channel)) / normalization.ScaleOf(channel);
}
