using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// The gradient by an operand that is repeated along some dimensions of the result: for every element the sum over its repetitions, in
/// double, each in one order. Work is cut by the operand's elements. The first dimension is the samples of the run.
/// </summary>
internal sealed class BroadcastGradient
{
    private const int Block = 1024;

    private readonly BroadcastDimension[] _kept;
    private readonly BroadcastDimension[] _repeated;
    private readonly BroadcastDimension _inner;
    private readonly bool _keepsFirst;
    private readonly bool _keepsInner;

    /// <summary>Cuts the dimensions.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="result">Elements of the result from one place to the next, in every dimension.</param>
    /// <param name="own">The same of the gradient; 0 where the operand is repeated.</param>
    /// <param name="a">The same of the first operand.</param>
    /// <param name="b">The same of the second operand.</param>
    public BroadcastGradient(Shape shape, long[] result, long[] own, long[] a, long[] b)
    {
        var dimensions = new List<BroadcastDimension> { At(0) };
        for (int i = 1; i < shape.Rank; i++)
        {
            if (shape[i] == 1)
                continue;
            if (dimensions.Count > 1 && dimensions[^1].Continues(At(i)))
                dimensions[^1] = At(i) with { Count = dimensions[^1].Count * shape[i] };
            else
                dimensions.Add(At(i));
        }

        if (dimensions.Count == 1)
            dimensions.Add(new BroadcastDimension(1, 1, 1, 1, 1));
        _inner = dimensions[^1];
        _keepsFirst = own[0] != 0;
        _keepsInner = _inner.Own != 0;
        BroadcastDimension[] middle = [.. dimensions.Skip(1).SkipLast(1)];
        _kept = [.. dimensions.Take(_keepsFirst ? 1 : 0), .. middle.Where(dimension => dimension.Own != 0)];
        _repeated = [.. dimensions.Take(_keepsFirst ? 0 : 1), .. middle.Where(dimension => dimension.Own == 0)];

        BroadcastDimension At(int i) => new(shape[i], result[i], own[i], a[i], b[i]);
    }

    /// <summary>Bytes of scratch memory of one run on so many threads.</summary>
    public static int WorkspaceBytes(int threads) => checked(threads * ScratchBytes);

    private static int ScratchBytes => Block * ((3 * sizeof(float)) + sizeof(double));

    /// <summary>Computes the gradient.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="n">The length of the first dimension.</param>
    /// <param name="spans">The gradient by the result, the two operands, what receives the gradient, and scratch memory.</param>
    /// <param name="offset">Where the gradient begins in what receives it.</param>
    /// <param name="aIsTruth">Whether the first operand is of truth values, which rows get as 0 and 1.</param>
    public void Run<TRow>(IWorkScheduler s, int n, in WorkSpans spans, long offset = 0, bool aIsTruth = false)
        where TRow : struct, IGradientRow
    {
        int rows = CountOf(_kept, _keepsFirst, n);
        int repetitions = CountOf(_repeated, !_keepsFirst, n);
        var cut = new RowCut(rows, (long)repetitions * _inner.Count);
        SpanWork.Run(s, cut.Parts, cut.Cost, spans, ScratchBytes, new Part<TRow>(this, cut, repetitions, offset, aIsTruth));
    }

    // The first dimension of a list has the length of the run where it is that of the samples.
    private static int CountOf(BroadcastDimension[] dimensions, bool hasFirst, int n)
    {
        int count = hasFirst ? n : 1;
        for (int i = hasFirst ? 1 : 0; i < dimensions.Length; i++)
            count *= dimensions[i].Count;
        return count;
    }

    private static BroadcastDimension Place(BroadcastDimension[] dimensions, int index)
    {
        BroadcastDimension place = default;
        for (int i = dimensions.Length - 1; i > 0; i--)
        {
            (index, int steps) = Math.DivRem(index, dimensions[i].Count);
            place = place.Plus(dimensions[i].Times(steps));
        }

        return dimensions.Length == 0 ? place : place.Plus(dimensions[0].Times(index));
    }

    private static ReadOnlySpan<float> Row(ReadOnlySpan<float> x, long start, long stride, Span<float> scratch)
    {
        if (x.IsEmpty)
            return default;
        if (stride == 1)
            return x.Slice((int)start, scratch.Length);
        if (stride == 0)
        {
            scratch.Fill(x[(int)start]);
            return scratch;
        }

        for (int i = 0; i < scratch.Length; i++)
            scratch[i] = x[(int)(start + (i * stride))];
        return scratch;
    }

    private static ReadOnlySpan<float> TruthRow(ReadOnlySpan<float> x, long start, long stride, Span<float> scratch)
    {
        ReadOnlySpan<bool> truth = MemoryMarshal.Cast<float, bool>(x);
        for (int i = 0; i < scratch.Length; i++)
            scratch[i] = truth[(int)(start + (i * stride))] ? 1 : 0;
        return scratch;
    }

    private readonly struct Part<TRow>(BroadcastGradient gradient, RowCut cut, int repetitions, long offset, bool aIsTruth)
        : ISpanAction
        where TRow : struct, IGradientRow
    {
        private readonly RowCut _cut = cut;

        public void Invoke(int part, in WorkSpans spans)
        {
            for (int row = _cut.First(part); row < _cut.End(part); row++)
            {
                BroadcastDimension place = Place(gradient._kept, row).Plus(new BroadcastDimension(0, 0, offset, 0, 0));
                if (gradient._keepsInner)
                    Elements(place, spans);
                else
                    spans.Result[(int)place.Own] = (float)Sum(place, spans);
            }
        }

        private void Elements(BroadcastDimension place, in WorkSpans spans)
        {
            BroadcastDimension inner = gradient._inner;
            Span<double> sums = MemoryMarshal.Cast<byte, double>(spans.Scratch)[..Block];
            for (int first = 0; first < inner.Count; first += Block)
            {
                int count = Math.Min(Block, inner.Count - first);
                BroadcastDimension start = place.Plus(inner.Times(first));
                if (repetitions == 1 && inner.Own == 1)
                {
                    Run(start.Plus(Place(gradient._repeated, 0)), spans, spans.Result.Slice((int)start.Own, count));
                    continue;
                }

                sums[..count].Clear();
                Span<float> row = Floats(spans, 2)[..count];
                for (int i = 0; i < repetitions; i++)
                {
                    Run(start.Plus(Place(gradient._repeated, i)), spans, row);
                    DoubleSums.Add(row, sums);
                }

                for (int i = 0; i < count; i++)
                    spans.Result[(int)(start.Own + (i * inner.Own))] = (float)sums[i];
            }
        }

        private double Sum(BroadcastDimension place, in WorkSpans spans)
        {
            BroadcastDimension inner = gradient._inner;
            double sum = 0;
            for (int i = 0; i < repetitions; i++)
            {
                BroadcastDimension start = place.Plus(Place(gradient._repeated, i));
                for (int first = 0; first < inner.Count; first += Block)
                {
                    Span<float> row = Floats(spans, 2)[..Math.Min(Block, inner.Count - first)];
                    Run(start.Plus(inner.Times(first)), spans, row);
                    sum += DoubleSums.Of(row);
                }
            }

            return sum;
        }

        private void Run(BroadcastDimension start, in WorkSpans spans, Span<float> row)
        {
            BroadcastDimension inner = gradient._inner;
            Span<float> first = Floats(spans, 0)[..row.Length];
            Span<float> second = Floats(spans, 1)[..row.Length];
            ReadOnlySpan<float> dy = spans.A.Slice((int)start.Result, row.Length);
            ReadOnlySpan<float> a = aIsTruth
                ? TruthRow(spans.B, start.A, inner.A, first)
                : Row(spans.B, start.A, inner.A, first);
            TRow.Run(dy, a, Row(spans.C, start.B, inner.B, second), row);
        }

        // Scratch memory: the sums in double, then three rows.
        private static Span<float> Floats(in WorkSpans spans, int row) =>
            MemoryMarshal.Cast<byte, float>(spans.Scratch[(Block * sizeof(double))..]).Slice(row * Block, Block);
    }
}
