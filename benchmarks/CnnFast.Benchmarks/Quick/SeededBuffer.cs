using CnnFast.Testing;

namespace CnnFast.Benchmarks;

/// <summary>Aligned buffers of seeded values.</summary>
internal static class SeededBuffer
{
    private const int Period = 1 << 20;

    public static AlignedBuffer<float> Create(int count, int seed)
    {
        var buffer = new AlignedBuffer<float>(count);
        SeededData.Uniform(count, seed).CopyTo(buffer.Span);
        return buffer;
    }

    /// <summary>
    /// Values in (0, 1], repeated after a million: second moments of an optimizer stay positive, and large buffers are made quickly.
    /// </summary>
    public static AlignedBuffer<float> CreatePositive(int count, int seed)
    {
        var buffer = new AlignedBuffer<float>(count);
        float[] values = Array.ConvertAll(SeededData.Uniform(Math.Min(count, Period), seed), v => 1f - Math.Abs(v));
        for (int start = 0; start < count; start += values.Length)
            values.AsSpan(0, Math.Min(values.Length, count - start)).CopyTo(buffer.Span[start..]);
        return buffer;
    }
}
