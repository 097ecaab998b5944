namespace CnnFast.Visualization;

/// <summary>What one layer computed for one input, or the gradient of a number by it. Immutable.</summary>
public sealed class LayerValues
{
    internal LayerValues(string name, string kind, Shape shape, ReadOnlyMemory<float> values)
    {
        (Name, Kind, Shape, Values) = (name, kind, shape, values);
        (double sum, int zeros, float min, float max) = (0, 0, float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in values.Span)
        {
            sum += value;
            zeros += value == 0 ? 1 : 0;
            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
        }

        (Minimum, Maximum, Mean, ZeroShare) = (min, max, sum / values.Length, (double)zeros / values.Length);
    }

    /// <summary>The name of the layer.</summary>
    public string Name { get; }

    /// <summary>The kind of the layer, such as <c>Conv2D</c>.</summary>
    public string Kind { get; }

    /// <summary>The shape without the batch: <c>[H, W, C]</c> where the layer computes maps.</summary>
    public Shape Shape { get; }

    /// <summary>The values in the order of the shape, the last dimension contiguous.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>The least value; NaN where one is among them.</summary>
    public float Minimum { get; }

    /// <summary>The largest value; NaN where one is among them.</summary>
    public float Maximum { get; }

    /// <summary>The mean of the values.</summary>
    public double Mean { get; }

    /// <summary>The share of values that are exactly 0, from 0 to 1.</summary>
    public double ZeroShare { get; }

    /// <summary>Whether the values are maps <c>[H, W, C]</c> of more than one pixel.</summary>
    public bool HasMaps => Shape.Rank == 3 && (long)Shape[0] * Shape[1] > 1;

    /// <summary>Channels: the last dimension.</summary>
    public int Channels => Shape.Rank == 0 ? 1 : Shape[Shape.Rank - 1];

    /// <summary>The channels whose mean absolute value is largest. Of equal ones the first come.</summary>
    /// <param name="count">How many, at least 1; where there are fewer channels, all.</param>
    /// <returns>Their numbers from 0, rising.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public IReadOnlyList<int> StrongestChannels(int count)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count),
                $"LayerValues.StrongestChannels: {count} channels were asked for; expected at least 1.");
        var sums = new double[Channels];
        ReadOnlySpan<float> values = Values.Span;
        for (int i = 0; i < values.Length; i += sums.Length)
        {
            for (int c = 0; c < sums.Length; c++)
                sums[c] += Math.Abs(values[i + c]);
        }

        return [.. Enumerable.Range(0, sums.Length).OrderByDescending(c => sums[c]).Take(count).Order()];
    }

    /// <summary>Name, kind and shape, such as <c>conv2d_1 Conv2D [26, 26, 16]</c>.</summary>
    public override string ToString() => $"{Name} {Kind} {Shape}";

    /// <summary>One channel as a map.</summary>
    internal HeatMap Map(int channel)
    {
        var map = new float[Shape[0] * Shape[1]];
        ReadOnlySpan<float> values = Values.Span;
        int channels = Channels;
        for (int i = 0; i < map.Length; i++)
            map[i] = values[(i * channels) + channel];
        return new HeatMap(Shape[0], Shape[1], map);
    }
}
