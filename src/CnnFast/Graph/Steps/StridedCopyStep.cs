using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// Copies elements that lie at regular distances in every dimension to where they follow one another. The first
/// dimension is the samples of the run.
/// </summary>
internal sealed class StridedCopyStep : ForwardStep
{
    private const int Block = 16;

    private readonly int _elementSize;
    private readonly int[] _counts;
    private readonly long[] _strides;
    private readonly int[] _places;
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

        List<int> places = [.. Enumerable.Range(0, counts.Count)
            .Select(i => counts.Skip(i + 1).Aggregate(1, (product, count) => product * count))];

        // The dimension along which the input lies in order comes next to the last: the two are read and written in blocks.
        int inOrder = steps.LastIndexOf(1);
        if (inOrder > 0 && inOrder < counts.Count - 2)
        {
            MoveBeforeLast(counts, inOrder);
            MoveBeforeLast(steps, inOrder);
            MoveBeforeLast(places, inOrder);
        }

        _counts = [.. counts];
        _strides = [.. steps];
        _places = [.. places];
    }

    /// <summary>Puts the dimensions of a tensor in another order: dimension i of the output is dimension order[i] of the input.</summary>
    public static void Permute(ElementType type, Shape input, IReadOnlyList<int> order, ReadOnlySpan<byte> x, Span<byte> y)
    {
        long[] strides = StridesOf(input);
        new StridedCopyStep(type, new Shape([1, .. order.Select(axis => input[axis])]), [0, .. order.Select(axis => strides[axis])], 0)
            .Copy(1, x, y);
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
        Copy(context.N, MemoryMarshal.AsBytes(context.Input(0)), MemoryMarshal.AsBytes(context.Output));
    }

    /// <summary>Copies floats.</summary>
    /// <param name="n">The length of the first dimension.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">Receives the output.</param>
    public void Copy(int n, ReadOnlySpan<float> x, Span<float> y) => CopyElements(n, x, y);

    private static void MoveBeforeLast<T>(List<T> list, int index)
    {
        T item = list[index];
        list.RemoveAt(index);
        list.Insert(list.Count - 1, item);
    }

    private void Copy(int n, ReadOnlySpan<byte> x, Span<byte> y)
    {
        switch (_elementSize)
        {
            case 1:
                CopyElements(n, x, y);
                break;
            case 4:
                CopyElements(n, MemoryMarshal.Cast<byte, float>(x), MemoryMarshal.Cast<byte, float>(y));
                break;
            default:
                CopyElements(n, MemoryMarshal.Cast<byte, long>(x), MemoryMarshal.Cast<byte, long>(y));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyElements<T>(int n, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
    {
        for (int i = 0; i < n; i++)
            CopyDimension(1, x, _offset + (i * _strides[0]), y[(i * _places[0])..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyDimension<T>(int dimension, ReadOnlySpan<T> x, long start, Span<T> y)
        where T : unmanaged
    {
        int count = _counts[dimension];
        long stride = _strides[dimension];
        int place = _places[dimension];
        int left = _counts.Length - dimension;
        if (left == 1)
        {
            CopyRow(x, start, stride, y[..count]);
            return;
        }

        if (left == 2 && stride == 1)
        {
            CopyTransposed(x, start, count, _counts[dimension + 1], _strides[dimension + 1], y, place);
            return;
        }

        for (int i = 0; i < count; i++)
            CopyDimension(dimension + 1, x, start + (i * stride), y[(i * place)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTransposed<T>(ReadOnlySpan<T> x, long start, int rows, int columns, long stride, Span<T> y, int place)
        where T : unmanaged
    {
        if (columns == 3 && place == 3)
        {
            Interleave(x.Slice((int)start, rows), x.Slice((int)(start + stride), rows), x.Slice((int)(start + (2 * stride)), rows),
                MemoryMarshal.Cast<T, Three<T>>(y)[..rows]);
            return;
        }

        for (int row = 0; row < rows; row += Block)
        {
            int lastRow = Math.Min(row + Block, rows);
            for (int column = 0; column < columns; column++)
            {
                ReadOnlySpan<T> source = x.Slice((int)(start + (column * stride)) + row, lastRow - row);
                int to = (row * place) + column;
                foreach (T value in source)
                {
                    y[to] = value;
                    to += place;
                }
            }
        }
    }

    // The planes of a colour image become its pixels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Interleave<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, Span<Three<T>> y)
        where T : unmanaged
    {
        b = b[..a.Length];
        c = c[..a.Length];
        y = y[..a.Length];
        for (int i = 0; i < a.Length; i++)
            y[i] = new Three<T>(a[i], b[i], c[i]);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Three<T>(T a, T b, T c)
        where T : unmanaged
    {
        public readonly T A = a;
        public readonly T B = b;
        public readonly T C = c;
    }
}
