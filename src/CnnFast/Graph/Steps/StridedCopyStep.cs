using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>Copies elements that lie at regular distances in every dimension to where they follow one another. The first dimension is the samples of the run.</summary>
internal sealed class StridedCopyStep : ForwardStep
{
    private const int Block = 16;

    private readonly int _elementSize;
    private readonly int[] _counts;
    private readonly long[] _strides;
    private readonly long _offset;

    /// <summary>Creates the step.</summary>
    /// <param name="type">What the elements are.</param>
    /// <param name="output">The shape of the output.</param>
    /// <param name="strides">The distance in the input from one output element to the next, for every dimension.</param>
    /// <param name="offset">The first element in the input.</param>
    public StridedCopyStep(ElementType type, Shape output, ReadOnlySpan<long> strides, long offset)
    {
        _elementSize = ElementTypes.SizeOf(type);
        _offset = offset;

        // Dimensions that continue one another are one, but for the first; those of 1 are none.
        var counts = new List<int> { output[0] };
        var steps = new List<long> { strides[0] };
        for (int i = 1; i < output.Rank; i++)
        {
            if (output[i] == 1)
                continue;
            if (counts.Count > 1 && steps[^1] == strides[i] * output[i])
            {
                counts[^1] *= output[i];
                steps[^1] = strides[i];
                continue;
            }

            counts.Add(output[i]);
            steps.Add(strides[i]);
        }

        if (counts.Count == 1)
        {
            counts.Add(1);
            steps.Add(1);
        }

        _counts = [.. counts];
        _strides = [.. steps];
    }

    /// <summary>The distances between elements of a tensor that lies in order.</summary>
    public static long[] StridesOf(Shape shape)
    {
        var strides = new long[shape.Rank];
        long stride = 1;
        for (int i = shape.Rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        return strides;
    }

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<float> x = context.Input(0);
        Span<float> y = context.Output;
        switch (_elementSize)
        {
            case 1:
                Copy(context.N, MemoryMarshal.AsBytes(x), MemoryMarshal.AsBytes(y));
                break;
            case 4:
                Copy(context.N, x, y);
                break;
            default:
                Copy(context.N, MemoryMarshal.Cast<float, long>(x), MemoryMarshal.Cast<float, long>(y));
                break;
        }
    }

    private void Copy<T>(int n, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
    {
        int sample = 1;
        for (int i = 1; i < _counts.Length; i++)
            sample *= _counts[i];
        for (int i = 0; i < n; i++)
            CopyDimension(1, x, _offset + (i * _strides[0]), y.Slice(i * sample, sample));
    }

    private void CopyDimension<T>(int dimension, ReadOnlySpan<T> x, long start, Span<T> y)
        where T : unmanaged
    {
        int count = _counts[dimension];
        long stride = _strides[dimension];
        int left = _counts.Length - dimension;
        if (left == 1)
        {
            CopyRow(x, start, stride, y[..count]);
            return;
        }

        int part = y.Length / count;
        if (left == 2 && stride == 1)
        {
            CopyTransposed(x, start, count, part, _strides[dimension + 1], y);
            return;
        }

        for (int i = 0; i < count; i++)
            CopyDimension(dimension + 1, x, start + (i * stride), y.Slice(i * part, part));
    }

    private static void CopyRow<T>(ReadOnlySpan<T> x, long start, long stride, Span<T> y)
        where T : unmanaged
    {
        if (stride == 1)
        {
            x.Slice((int)start, y.Length).CopyTo(y);
            return;
        }

        if (stride == 0)
        {
            y.Fill(x[(int)start]);
            return;
        }

        for (int i = 0; i < y.Length; i++)
            y[i] = x[(int)(start + (i * stride))];
    }

    // Rows of the input are columns of the output: in blocks, so that both stay in cache.
    private static void CopyTransposed<T>(ReadOnlySpan<T> x, long start, int rows, int columns, long stride, Span<T> y)
        where T : unmanaged
    {
        for (int row = 0; row < rows; row += Block)
        {
            int lastRow = Math.Min(row + Block, rows);
            for (int column = 0; column < columns; column++)
            {
                ReadOnlySpan<T> source = x.Slice((int)(start + (column * stride)) + row, lastRow - row);
                for (int i = 0; i < source.Length; i++)
                    y[((row + i) * columns) + column] = source[i];
            }
        }
    }
}
