using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class GuardedBufferTests
{
    [Theory]
    [InlineData(GuardSide.After)]
    [InlineData(GuardSide.Before)]
    public void Every_element_can_be_written_and_read(GuardSide side)
    {
        foreach (int length in (int[])[0, 1, 7, 1023, 1024, 1025, 5000])
        {
            using var buffer = new GuardedBuffer<float>(length, side);
            Assert.Equal(length, buffer.Span.Length);
            Assert.False(buffer.Span.ContainsAnyExcept(0f), $"{length} elements start as zero");
            buffer.Fill(float.NaN);
            Assert.All(buffer.Span.ToArray(), v => Assert.True(float.IsNaN(v)));
            Assert.True(buffer.SlackIsIntact, $"filling {length} elements stays inside the span");
        }
    }

    [Fact]
    public void Content_is_copied()
    {
        using var buffer = new GuardedBuffer<double>([1.5, 2.5, 3.5]);
        Assert.Equal([1.5, 2.5, 3.5], buffer.Span);
    }

    [Fact]
    public void A_buffer_used_after_Dispose_throws()
    {
        var buffer = new GuardedBuffer<float>(3);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }
}
