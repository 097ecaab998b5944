namespace CnnFast.Data;

/// <summary>
/// Changes brightness, contrast, saturation and hue, in this order, each by a factor drawn evenly from 1 − option to 1 + option (the hue
/// by up to that part of a turn either way). Contrast is about the mean grey of the image, saturation about each pixel's grey (0.299 red,
/// 0.587 green, 0.114 blue); hue turns the colours of YIQ. All four are one matrix for the pixels, whose results are held between 0 and
/// 255. Saturation and hue need images of 3 channels. Immutable.
/// </summary>
public sealed record ColorJitter : IImageTransform
{
    private const string Who = nameof(ColorJitter);

    /// <summary>The most change of brightness: 0 to 1.</summary>
    public float Brightness { get; init; }

    /// <summary>The most change of contrast: 0 to 1.</summary>
    public float Contrast { get; init; }

    /// <summary>The most change of saturation: 0 to 1.</summary>
    public float Saturation { get; init; }

    /// <summary>The most change of hue, in turns: 0 to 0.5.</summary>
    public float Hue { get; init; }

    /// <inheritdoc/>
    public void RequireFit(Shape image)
    {
        OptionRange.Require(Brightness is >= 0 and <= 1, Who, nameof(Brightness), Brightness, "0 to 1");
        OptionRange.Require(Contrast is >= 0 and <= 1, Who, nameof(Contrast), Contrast, "0 to 1");
        OptionRange.Require(Saturation is >= 0 and <= 1, Who, nameof(Saturation), Saturation, "0 to 1");
        OptionRange.Require(Hue is >= 0 and <= 0.5f, Who, nameof(Hue), Hue, "0 to 0.5 turns");
        if (Saturation > 0 || Hue > 0)
            OptionRange.RequireColors($"{Who} of saturation or hue", image);
    }

    /// <inheritdoc/>
    public void Apply(ref ImageSample image)
    {
        float brightness = 1 + (float)image.Draw(Brightness);
        float contrast = 1 + (float)image.Draw(Contrast);
        float saturation = 1 + (float)image.Draw(Saturation);
        double turns = image.Draw(Hue);
        int channels = image.Shape[2];
        var matrix = new float[channels * channels];
        var shifts = new float[channels];
        if (channels == 3)
        {
            ColorMatrix.HueAndSaturation(turns, saturation, matrix);
        }
        else
        {
            for (int c = 0; c < channels; c++)
                matrix[(c * channels) + c] = 1;
        }

        // Grey stays grey under hue and saturation: the shift of contrast is the same for all channels.
        if (Contrast > 0)
        {
            image.ChannelMeans(shifts);
            shifts.AsSpan().Fill((1 - contrast) * brightness * ColorMatrix.GreyOf(shifts));
        }

        foreach (ref float weight in matrix.AsSpan())
            weight *= brightness * contrast;
        image.MixChannels(matrix, shifts);
    }
}
