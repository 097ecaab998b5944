using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// Images of bytes [n, H, W, C] as floats [n, top + H + bottom, left + W + right, C], the border filled with a value a channel: what a
/// convolution that has taken over the numbers behind the bytes reads, its padding written here. Every byte is exact in a float. Immutable
/// and thread-safe; allocates nothing.
/// </summary>
internal sealed unsafe class ByteImageOperator
{
    private const long CostPerElement = 4;

    private readonly int _h;
    private readonly int _w;
    private readonly int _c;
    private readonly int _top;
    private readonly int _left;
    private readonly int _rows;
    private readonly int _columns;
    private readonly float[] _border;

    /// <summary>Prepares images of a size.</summary>
    /// <param name="image">The shape [H, W, C] of the bytes.</param>
    /// <param name="top">Border rows above.</param>
    /// <param name="left">Border columns left.</param>
    /// <param name="bottom">Border rows below.</param>
    /// <param name="right">Border columns right.</param>
    /// <param name="fill">The value of the border, one a channel.</param>
    public ByteImageOperator(Shape image, int top, int left, int bottom, int right, ReadOnlySpan<float> fill)
    {
        (_h, _w, _c) = (image[0], image[1], image[2]);
        OperatorChecks.Length("ByteImage", "fill", fill.Length, _c);
        (_top, _left) = (top, left);
        (_rows, _columns) = (top + _h + bottom, left + _w + right);
        _border = new float[_columns * _c];
        for (int i = 0; i < _border.Length; i++)
            _border[i] = fill[i % _c];
    }

    /// <summary>Converts n images.</summary>
    public void Run(IWorkScheduler scheduler, int n, ReadOnlySpan<byte> bytes, Span<float> y)
    {
        OperatorChecks.Length("ByteImage", "bytes", bytes.Length, n * _h * _w * _c);
        OperatorChecks.Length("ByteImage", "y", y.Length, n * _rows * _columns * _c);
        fixed (byte* source = bytes)
        fixed (float* destination = y, border = _border)
            scheduler.Run(n * _rows, y.Length * CostPerElement, new RowAction(this, source, destination, border));
    }

    private void RunRow(int index, byte* source, float* destination, float* border)
    {
        nint length = (nint)_columns * _c;
        float* y = destination + (index * length);
        int row = (index % _rows) - _top;
        if (row < 0 || row >= _h)
        {
            Copy(border, y, length);
            return;
        }

        nint before = (nint)_left * _c;
        nint inner = (nint)_w * _c;
        Copy(border, y, before);
        Convert(source + (((((nint)index / _rows) * _h) + row) * inner), y + before, inner);
        Copy(border, y + before + inner, length - before - inner);
    }

    private static void Copy(float* from, float* to, nint count) =>
        new ReadOnlySpan<float>(from, (int)count).CopyTo(new Span<float>(to, (int)count));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert(byte* x, float* y, nint count)
    {
        nint i = 0;
        for (; i <= count - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(x + i));
            (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
            (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
            Vector128.ConvertToSingle(a.AsInt32()).Store(y + i);
            Vector128.ConvertToSingle(b.AsInt32()).Store(y + i + 4);
            Vector128.ConvertToSingle(c.AsInt32()).Store(y + i + 8);
            Vector128.ConvertToSingle(d.AsInt32()).Store(y + i + 12);
        }

        for (; i < count; i++)
            y[i] = x[i];
    }

    private readonly struct RowAction(ByteImageOperator images, byte* source, float* destination, float* border) : IRangeAction
    {
        private readonly byte* _source = source;
        private readonly float* _destination = destination;
        private readonly float* _border = border;

        public void Invoke(int index, int worker) => images.RunRow(index, _source, _destination, _border);
    }
}
