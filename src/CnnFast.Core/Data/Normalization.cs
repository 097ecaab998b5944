namespace CnnFast.Data;

/// <summary>
/// How a byte of an image becomes a network input: <c>(float)(value * Scale + Offset)</c>, computed in double and rounded once, so that the
/// result is the same bits on every machine. The default value maps 0..255 to 0..1.
/// </summary>
public readonly record struct Normalization
{
    private const double UnitScale = 1.0 / 255.0;

    // Zero stands for UnitScale, so that default(Normalization) is the usual one and equality sees one spelling of it.
    private readonly double _scale;

    /// <summary>Creates a normalisation from its two factors.</summary>
    /// <param name="scale">What a byte is multiplied by; finite and not 0.</param>
    /// <param name="offset">What is added after; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not finite, or <paramref name="scale"/> is 0.</exception>
    public Normalization(double scale, double offset)
    {
        if (!double.IsFinite(scale) || scale == 0)
            throw new ArgumentOutOfRangeException(nameof(scale), scale,
                $"The scale of a normalisation is {scale}; expected a finite number other than 0.");
        if (!double.IsFinite(offset))
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"The offset of a normalisation is {offset}; expected a finite number.");
        _scale = scale == UnitScale ? 0 : scale;
        Offset = offset;
    }

    /// <summary>What a byte is multiplied by: 1/255 by default.</summary>
    public double Scale => _scale == 0 ? UnitScale : _scale;

    /// <summary>What is added after the multiplication: 0 by default.</summary>
    public double Offset { get; }

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

    /// <summary>The network input for one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <returns>The number.</returns>
    public float Apply(byte value) => (float)((value * Scale) + Offset);

    /// <summary>The network inputs for a row of bytes.</summary>
    /// <param name="values">The bytes.</param>
    /// <param name="destination">As many numbers.</param>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public void Apply(ReadOnlySpan<byte> values, Span<float> destination)
    {
        if (values.Length != destination.Length)
            throw new ShapeException(
                $"Normalization: the destination holds {destination.Length} values; expected {values.Length}, one for each byte.");
        Span<float> table = stackalloc float[256];
        FillTable(table);
        ApplyTable(table, values, destination);
    }

    internal void FillTable(Span<float> table)
    {
        for (int value = 0; value < 256; value++)
            table[value] = Apply((byte)value);
    }

    internal static void ApplyTable(ReadOnlySpan<float> table, ReadOnlySpan<byte> values, Span<float> destination)
    {
        table = table[..256];
        destination = destination[..values.Length];
        for (int i = 0; i < values.Length; i++)
            destination[i] = table[values[i]];
    }
}
