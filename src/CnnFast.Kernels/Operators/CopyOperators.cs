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

    /// <summary>
    /// Writes all channels of <c>src [rows, srcChannels]</c> into channels dstOffset … dstOffset + srcChannels − 1 of <c>dst [rows, dstChannels]</c>;
    /// the other channels keep their values.
    /// </summary>
    public static void CopyChannels(IWorkScheduler s, int rows, ReadOnlySpan<float> src, int srcChannels, Span<float> dst, int dstChannels, int dstOffset)
    {
        RequireSlice("CopyChannels", dstOffset, srcChannels, dstChannels);
        OperatorChecks.Length("CopyChannels", "src", src.Length, (long)rows * srcChannels);
        OperatorChecks.Length("CopyChannels", "dst", dst.Length, (long)rows * dstChannels);
        fixed (float* from = src, to = dst)
            CopyRows(s, rows, from, srcChannels, to + dstOffset, dstChannels, srcChannels);
    }

    /// <summary>The inverse: reads channels srcOffset … srcOffset + dstChannels − 1 of <c>src [rows, srcChannels]</c> into <c>dst [rows, dstChannels]</c>.</summary>
    public static void ExtractChannels(IWorkScheduler s, int rows, ReadOnlySpan<float> src, int srcChannels, int srcOffset, Span<float> dst, int dstChannels)
    {
        RequireSlice("ExtractChannels", srcOffset, dstChannels, srcChannels);
        OperatorChecks.Length("ExtractChannels", "src", src.Length, (long)rows * srcChannels);
        OperatorChecks.Length("ExtractChannels", "dst", dst.Length, (long)rows * dstChannels);
        fixed (float* from = src, to = dst)
            CopyRows(s, rows, from + srcOffset, srcChannels, to, dstChannels, dstChannels);
    }

    private static void CopyRows(IWorkScheduler s, int rows, float* src, int srcStride, float* dst, int dstStride, int channels)
    {
        int rowsPerPart = Math.Max(1, Block / channels);
        s.Run((int)(((long)rows + rowsPerPart - 1) / rowsPerPart), (long)rows * channels * CostPerElement, new CopyRowsAction(src, srcStride, dst, dstStride, channels, rows, rowsPerPart));
    }

    private static void RequireSlice(string name, int offset, int channels, int all)
    {
        if (channels < 1 || offset < 0 || (long)offset + channels > all)
            throw new ShapeException($"{name}: {channels} channels from channel {offset} were given; expected them within the {all} channels of the wider tensor.");
    }

    private readonly struct CopyAction(float* x, float* y, int length) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            int count = Math.Min(Block, length - (index * Block));
            new ReadOnlySpan<float>(_x + start, count).CopyTo(new Span<float>(_y + start, count));
        }
    }

    private readonly struct CopyRowsAction(float* src, int srcStride, float* dst, int dstStride, int channels, int rows, int rowsPerPart) : IRangeAction
    {
        private readonly float* _src = src;
        private readonly float* _dst = dst;

        public void Invoke(int index, int worker)
        {
            int end = (int)Math.Min(rows, ((long)index + 1) * rowsPerPart);
            for (int row = index * rowsPerPart; row < end; row++)
                new ReadOnlySpan<float>(_src + ((nint)row * srcStride), channels).CopyTo(new Span<float>(_dst + ((nint)row * dstStride), channels));
        }
    }
}
