namespace CnnFast.Testing;

/// <summary>
/// Pixels that lie further apart than their channels are long, as those of one input of a concatenation do, on guarded memory. What lies
/// between them is filled with a pattern, so that a write there is seen. Not thread-safe; dispose when done.
/// </summary>
internal sealed class PitchedBuffer : IDisposable
{
    private const float Pattern = -12345.678f;

    private readonly GuardedBuffer<float> _memory;
    private readonly int _pixels;
    private readonly int _channels;
    private readonly int _pitch;

    /// <summary>Maps pixels, whose channels start as NaN.</summary>
    public PitchedBuffer(int pixels, int channels, int pitch, GuardSide side = GuardSide.After)
    {
        _pixels = pixels;
        _channels = channels;
        _pitch = pitch;
        _memory = new GuardedBuffer<float>(((pixels - 1) * pitch) + channels, side);
        _memory.Fill(Pattern);
        for (int pixel = 0; pixel < pixels; pixel++)
            Pixel(pixel).Fill(float.NaN);
    }

    /// <summary>Maps pixels with these values.</summary>
    public PitchedBuffer(ReadOnlySpan<float> values, int channels, int pitch, GuardSide side = GuardSide.After)
        : this(values.Length / channels, channels, pitch, side)
    {
        for (int pixel = 0; pixel < _pixels; pixel++)
            values.Slice(pixel * channels, channels).CopyTo(Pixel(pixel));
    }

    /// <summary>From the first pixel's first channel to the last pixel's last.</summary>
    public Span<float> Span => _memory.Span;

    /// <summary>Whether nobody wrote between the pixels or around them.</summary>
    public bool RestIsIntact
    {
        get
        {
            for (int pixel = 0; pixel < _pixels - 1; pixel++)
            {
                if (Span.Slice((pixel * _pitch) + _channels, _pitch - _channels).ContainsAnyExcept(Pattern))
                    return false;
            }

            return _memory.SlackIsIntact;
        }
    }

    /// <summary>The channels of all pixels, one after the other.</summary>
    public float[] Gather()
    {
        var values = new float[_pixels * _channels];
        for (int pixel = 0; pixel < _pixels; pixel++)
            Pixel(pixel).CopyTo(values.AsSpan(pixel * _channels));
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private Span<float> Pixel(int pixel) => Span.Slice(pixel * _pitch, _channels);
}
