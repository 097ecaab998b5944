using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    [Theory]
    [InlineData(GuardSide.After)]
    [InlineData(GuardSide.Before)]
    public void The_element_beyond_the_guarded_end_cannot_be_read(GuardSide side)
    {
        // The operating system reads the memory on our behalf: where this process would fault, the write to the file fails.
        string path = Path.GetTempFileName();
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            foreach (int length in (int[])[1, 7, 1023, 1024, 1025, 5000])
            {
                using var buffer = new GuardedBuffer<float>(length, side);
                Span<float> span = buffer.Span;
                RandomAccess.Write(file, MemoryMarshal.AsBytes(span), 0);
                ref float beyond = ref Unsafe.Add(ref span[0], side == GuardSide.After ? length : -1);
                Assert.True(IsUnreadable(file, ref beyond), $"{length} elements, guarded {side}: the element beyond is readable");
            }
        }
        finally
        {
            File.Delete(path);
        }

        static bool IsUnreadable(Microsoft.Win32.SafeHandles.SafeFileHandle file, ref float element)
        {
            try
            {
                RandomAccess.Write(file, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref element, 1)), 0);
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    [Theory]
    [InlineData(GuardSide.After)]
    [InlineData(GuardSide.Before)]
    public void A_write_past_the_unguarded_end_is_noticed(GuardSide side)
    {
        using var buffer = new GuardedBuffer<float>(7, side);
        Span<float> span = buffer.Span;
        Unsafe.Add(ref span[0], side == GuardSide.After ? -1 : 7) = 1;
        Assert.False(buffer.SlackIsIntact);
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
