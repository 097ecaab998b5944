using CnnFast.Testing;

namespace CnnFast.Benchmarks;

/// <summary>Aligned buffers of seeded values.</summary>
internal static class SeededBuffer
{
    public static AlignedBuffer<float> Create(int count, int seed)
    {
        var buffer = new AlignedBuffer<float>(count);
        SeededData.Uniform(count, seed).CopyTo(buffer.Span);
        return buffer;
    }
}
