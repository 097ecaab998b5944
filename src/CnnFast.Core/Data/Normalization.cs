using System.Globalization;

namespace CnnFast.Data;

/// <summary>
/// How a byte of an image becomes a network input: <c>(float)(value * Scale + Offset)</c>, computed in double and rounded once, so that the
/// result is the same bits on every machine. Scale and offset are one for all channels, or one for each (<see cref="PerChannel"/>). The
/// default value maps 0..255 to 0..1.
/// </summary>
public readonly record struct Normalization
{
    private const double UnitScale = 1.0 / 255.0;
    private const int Values = 256;

    // Zero stands for UnitScale, so that default(Normalization) is the usual one and equality sees one spelling of it.
    private readonly double _scale;
    private readonly double _offset;

    // Scales, then offsets; null where there is one of each.
    private readonly double[]? _channels;

    /// <summary>Creates a normalisation from its two factors, which serve all channels.</summary>
    /// <param name="scale">What a byte is multiplied by; finite and not 0.</param>
    /// <param name="offset">What is added after; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not finite, or <paramref name="scale"/> is 0.</exception>
    public Normalization(double scale, double offset)
    {
        Check(scale, offset);
        _scale = scale == UnitScale ? 0 : scale;
        _offset = offset;
    }

    private Normalization(double[] channels) => _channels = channels;

    /// <summary>How many channels have factors of their own; 1 where the same serve any number of channels.</summary>
    public int Channels => _channels is null ? 1 : _channels.Length / 2;

    /// <summary>A normalisation with factors for every channel.</summary>
    /// <param name="scales">What a byte of each channel is multiplied by; finite and not 0.</param>
    /// <param name="offsets">What is added after, as many; finite.</param>
    /// <returns>The normalisation; with one of each it serves all channels.</returns>
    /// <exception cref="ArgumentException">There is no factor, or there are not as many of both.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not finite, or a scale is 0.</exception>
    public static Normalization PerChannel(ReadOnlySpan<double> scales, ReadOnlySpan<double> offsets)
    {
        if (scales.IsEmpty || scales.Length != offsets.Length)
            throw new ArgumentException($"Normalization: {scales.Length} scales and {offsets.Length} offsets were given; " +
                "expected one of each for every channel, or one of each for all.", nameof(scales));
        if (scales.Length == 1)
            return new Normalization(scales[0], offsets[0]);
        for (int c = 0; c < scales.Length; c++)
            Check(scales[c], offsets[c]);
        return new Normalization([.. scales, .. offsets]);
    }

    /// <summary>The normalisation <c>(value / 255 - mean) / std</c>.</summary>
    /// <param name="mean">The mean of the data on the scale of 0 to 1, such as 0.1307 for MNIST.</param>
    /// <param name="std">The standard deviation on the same scale, above 0, such as 0.3081 for MNIST.</param>
    /// <returns>The normalisation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or <paramref name="std"/> is not above 0.</exception>
    public static Normalization FromMeanStd(double mean, double std)
    {
        if (!double.IsFinite(mean))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, $"The mean of a normalisation is {mean}; expected a finite number.");
        if (!double.IsFinite(std) || std <= 0)
            throw new ArgumentOutOfRangeException(nameof(std), std,
                $"The standard deviation of a normalisation is {std}; expected a finite number above 0.");
        return new Normalization(1.0 / (255.0 * std), -mean / std);
    }

    /// <summary>
    /// The normalisation <c>(value / 255 - mean[c]) / std[c]</c> of channel c, such as with mean (0.485, 0.456, 0.406) and
    /// std (0.229, 0.224, 0.225) for models trained on ImageNet.
    /// </summary>
    /// <param name="means">The mean of every channel on the scale of 0 to 1.</param>
    /// <param name="stds">The standard deviations on the same scale, above 0, as many.</param>
    /// <returns>The normalisation; with one of each it serves all channels.</returns>
    /// <exception cref="ArgumentException">There is no number, or there are not as many of both.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or a standard deviation is not above 0.</exception>
    public static Normalization FromMeanStd(ReadOnlySpan<double> means, ReadOnlySpan<double> stds)
    {
        if (means.IsEmpty || means.Length != stds.Length)
            throw new ArgumentException($"Normalization: {means.Length} means and {stds.Length} standard deviations were given; " +
                "expected one of each for every channel, or one of each for all.", nameof(means));
        var scales = new double[means.Length];
        var offsets = new double[means.Length];
        for (int c = 0; c < means.Length; c++)
        {
            Normalization channel = FromMeanStd(means[c], stds[c]);
            (scales[c], offsets[c]) = (channel.ScaleOf(0), channel.OffsetOf(0));
        }

        return PerChannel(scales, offsets);
    }

    /// <summary>What a byte of a channel is multiplied by: 1/255 by default.</summary>
    /// <param name="channel">The channel, from 0; where <see cref="Channels"/> is 1, any.</param>
    /// <returns>The factor.</returns>
    public double ScaleOf(int channel) => _channels is null ? (_scale == 0 ? UnitScale : _scale) : _channels.AsSpan(0, Channels)[channel];

    /// <summary>What is added after the multiplication: 0 by default.</summary>
    /// <param name="channel">The channel, from 0; where <see cref="Channels"/> is 1, any.</param>
    /// <returns>The summand.</returns>
    public double OffsetOf(int channel) => _channels is null ? _offset : _channels.AsSpan(Channels)[channel];

    /// <summary>The network input for one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="channel">Its channel, from 0; where <see cref="Channels"/> is 1, any.</param>
    /// <returns>The number.</returns>
    public float Apply(byte value, int channel) => (float)((value * ScaleOf(channel)) + OffsetOf(channel));

    /// <summary>The network inputs for a row of bytes, the channels of a pixel one after the other.</summary>
    /// <param name="values">The bytes: whole pixels where <see cref="Channels"/> is not 1.</param>
    /// <param name="destination">As many numbers.</param>
    /// <exception cref="ShapeException">The lengths differ, or the bytes are no whole pixels.</exception>
    public void Apply(ReadOnlySpan<byte> values, Span<float> destination)
    {
        if (values.Length != destination.Length)
            throw new ShapeException(
                $"Normalization: the destination holds {destination.Length} values; expected {values.Length}, one for each byte.");
        if (values.Length % Channels != 0)
            throw new ShapeException($"Normalization: {values.Length} bytes were given; expected whole pixels of {Channels} channels.");
        ApplyTables(Channels == 1 ? FillTables(stackalloc float[Values]) : CreateTables(), values, destination);
    }

    /// <summary>Whether another normalisation has the same factors for the same channels.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(Normalization other) => _channels is null
        ? other._channels is null && _scale.Equals(other._scale) && _offset.Equals(other._offset)
        : other._channels is not null && _channels.AsSpan().SequenceEqual(other._channels);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_channels is null)
            return HashCode.Combine(_scale, _offset);
        var hash = default(HashCode);
        foreach (double factor in _channels)
            hash.Add(factor);
        return hash.ToHashCode();
    }

    /// <summary>The factors in words, such as <c>byte × 0.00392 + 0</c>, channel by channel.</summary>
    /// <returns>The words.</returns>
    public override string ToString()
    {
        Normalization self = this;
        return string.Join(", ", Enumerable.Range(0, Channels).Select(c =>
            string.Create(CultureInfo.InvariantCulture, $"byte × {self.ScaleOf(c):R} + {self.OffsetOf(c):R}")));
    }

    /// <summary>Throws where there are factors for another number of channels.</summary>
    /// <exception cref="ShapeException">The numbers of channels differ.</exception>
    internal void RequireChannels(string who, int channels)
    {
        if (Channels != 1 && Channels != channels)
            throw new ShapeException($"{who}: the normalisation has factors for {Channels} channels; " +
                $"the images have {channels}: expected as many, or one of each for all.");
    }

    /// <summary>The numbers of all 256 bytes, channel by channel.</summary>
    internal float[] CreateTables()
    {
        var tables = new float[Channels * Values];
        FillTables(tables);
        return tables;
    }

    internal Span<float> FillTables(Span<float> tables)
    {
        for (int c = 0; c < Channels; c++)
        {
            for (int value = 0; value < Values; value++)
                tables[(c * Values) + value] = Apply((byte)value, c);
        }

        return tables;
    }

    /// <summary>Looks pixels up in tables of <see cref="FillTables"/>.</summary>
    internal static void ApplyTables(ReadOnlySpan<float> tables, ReadOnlySpan<byte> values, Span<float> destination)
    {
        destination = destination[..values.Length];
        if (tables.Length == Values)
        {
            for (int i = 0; i < values.Length; i++)
                destination[i] = tables[values[i]];
            return;
        }

        int at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = tables[at + values[i]];
            at = at + Values == tables.Length ? 0 : at + Values;
        }
    }

    private static void Check(double scale, double offset)
    {
        if (!double.IsFinite(scale) || scale == 0)
            throw new ArgumentOutOfRangeException(nameof(scale), scale,
                $"The scale of a normalisation is {scale}; expected a finite number other than 0.");
        if (!double.IsFinite(offset))
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"The offset of a normalisation is {offset}; expected a finite number.");
    }
}
