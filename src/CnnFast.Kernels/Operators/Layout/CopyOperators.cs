using System.Runtime.CompilerServices;

namespace CnnFast.Operators;

/// <summary>Moves and sets elements without computing. Lengths are checked; nothing is allocated; thread-safe.</summary>
internal static unsafe class CopyOperators
{
    private const int Block = 16384;

    // A float that is read and written costs about as much time as this many multiply-adds.
    private const long CostPerElement = 16;

    /// <summary>y = x.</summary>
    public static void Copy(IWorkScheduler s, ReadOnlySpan<float> x, Span<float> y)
    {
        OperatorChecks.Length("Copy", "x", x.Length, y.Length);
        fixed (float* px = x, py = y)
            s.Run((int)(((long)y.Length + Block - 1) / Block), y.Length * CostPerElement, new CopyAction(px, py, y.Length));
    }

    /// <summary>Copies the channels of pixels; what lies between those of the destination keeps its values.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="pixels">Pixels, at least 1.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="src">The source, from the first pixel's first channel to the last pixel's last.</param>
    /// <param name="srcPitch">Floats from a pixel of the source to the next.</param>
    /// <param name="dst">The destination, as the source.</param>
    /// <param name="dstPitch">Floats from a pixel of the destination to the next.</param>
    public static void CopyChannels(IWorkScheduler s, int pixels, int channels, ReadOnlySpan<float> src, int srcPitch, Span<float> dst,
        int dstPitch)
    {
        if (pixels < 1 || channels < 1 || channels > srcPitch || channels > dstPitch)
            throw new ShapeException($"CopyChannels: {pixels} pixels of {channels} channels, {srcPitch} and {dstPitch} floats apart, " +
                "were given; expected at least 1 of each, and pixels that do not overlap.");
        OperatorChecks.Length("CopyChannels", "src", src.Length, ((pixels - 1L) * srcPitch) + channels);
        OperatorChecks.Length("CopyChannels", "dst", dst.Length, ((pixels - 1L) * dstPitch) + channels);
        fixed (float* from = src, to = dst)
            CopyRows(s, pixels, from, srcPitch, to, dstPitch, channels);
    }

    private static void CopyRows(IWorkScheduler s, int rows, float* src, int srcStride, float* dst, int dstStride, int channels)
    {
        int rowsPerPart = Math.Max(1, Block / channels);
        s.Run((int)(((long)rows + rowsPerPart - 1) / rowsPerPart), (long)rows * channels * CostPerElement,
            new CopyRowsAction(src, srcStride, dst, dstStride, channels, rows, rowsPerPart));
    }

    private readonly struct CopyAction(float* x, float* y, int length) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            int count = Math.Min(Block, length - (index * Block));
            new ReadOnlySpan<float>(_x + start, count).CopyTo(new Span<float>(_y + start, count));
        }
    }

    private readonly struct CopyRowsAction(float* src, int srcStride, float* dst, int dstStride, int channels, int rows, int rowsPerPart)
        : IRangeAction
    {
        private readonly float* _src = src;
        private readonly float* _dst = dst;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(int index, int worker)
        {
            int end = (int)Math.Min(rows, ((long)index + 1) * rowsPerPart);
            for (int row = index * rowsPerPart; row < end; row++)
                new ReadOnlySpan<float>(_src + ((nint)row * srcStride), channels)
                    .CopyTo(new Span<float>(_dst + ((nint)row * dstStride), channels));
        }
    }
}
