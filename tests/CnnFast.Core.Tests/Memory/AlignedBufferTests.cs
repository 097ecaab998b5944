namespace CnnFast.Core.Tests;

public sealed unsafe class AlignedBufferTests
{
    [Fact]
    public void Every_buffer_starts_at_a_multiple_of_64_bytes_and_is_zero()
    {
        foreach (int length in (int[])[0, 1, 3, 15, 16, 17, 1000, 30_000])
        {
            Check<byte>(length);
            Check<short>(length);
            Check<float>(length);
            Check<double>(length);
        }

        static void Check<T>(int length)
            where T : unmanaged, IEquatable<T>
        {
            for (int repeat = 0; repeat < 5; repeat++)
            {
                var buffer = new AlignedBuffer<T>(length);
                Assert.Equal(0u, (nuint)buffer.Pointer % 64);
                Assert.Equal(length, buffer.Length);
                Assert.Equal(length, buffer.Span.Length);
                Assert.Equal(length, buffer.Memory.Length);
                Assert.False(buffer.Span.ContainsAnyExcept(default(T)), $"{length} × {typeof(T).Name} starts as zero");
            }
        }
    }

    [Fact]
    public void Pointer_span_and_memory_are_the_same_elements()
    {
        var buffer = new AlignedBuffer<float>(5);
        buffer.Span[0] = 1;
        buffer.Pointer[1] = 2;
        buffer.Memory.Span[4] = 3;
        Assert.Equal([1, 2, 0, 0, 3], buffer.Span.ToArray());
        fixed (float* first = buffer.Span)
            Assert.True(first == buffer.Pointer, "the span starts at the pointer");
    }

    [Fact]
    public void A_buffer_does_not_move_when_the_heap_is_compacted()
    {
        var buffer = new AlignedBuffer<float>(100);
        float* before = buffer.Pointer;
        buffer.Span.Fill(7);
        for (int i = 0; i < 1000; i++)
            _ = new byte[1000];
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.True(before == buffer.Pointer, "the buffer moved");
        Assert.False(new ReadOnlySpan<float>(before, 100).ContainsAnyExcept(7f));
        GC.KeepAlive(buffer);
    }

    [Fact]
    public void A_negative_length_is_rejected()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer<float>(-1));
        Assert.Equal("length", error.ParamName);
    }

    [Fact]
    public void A_length_past_the_largest_array_is_rejected() =>
        Assert.Equal(
            $"A buffer of 2147483647 elements is larger than the {Array.MaxLength - 16} that one buffer can hold.",
            Assert.Throws<ShapeException>(() => new AlignedBuffer<float>(int.MaxValue)).Message);
}
