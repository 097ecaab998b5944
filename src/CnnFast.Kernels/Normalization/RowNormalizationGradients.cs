using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// The gradients of <see cref="RowNormalization{L,V,I}"/>. Sums are those of <see cref="RowReductions{L,V,I}"/> over parts of a row, added
/// in double: the bits do not depend on the vector width. Partial vectors touch only the rest of a row.
/// </summary>
internal static unsafe class RowNormalizationGradients<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    private const int Part = 1024;

    /// <summary>sums[0] = the sum of dy·scale, sums[1] = that of dy·scale·(x − mean); the scale is 1 where there is none (null).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sums(float* x, float* dy, float mean, float* scale, nint count, double* sums)
    {
        V means = L.Create(mean);
        double sum = 0, products = 0;
        for (nint i = 0; i < count; i += Part)
        {
            nint part = count - i < Part ? count - i : Part;
            float* scales = scale is null ? null : scale + i;
            sum += RowReductions<L, V, I>.Sum(part, new Gradient(dy + i, scales));
            products += RowReductions<L, V, I>.Sum(part, new Product(x + i, means, new Gradient(dy + i, scales)));
        }

        sums[0] = sum;
        sums[1] = products;
    }

    /// <summary>dx = factor·(dy·scale) + (slope·(x − mean) + offset); the scale is 1 where there is none. dx may be dy or x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* x, float* dy, float mean, float* scale, float factor, float slope, float offset, float* dx,
        nint count)
    {
        var gradient = new Gradient(dy, scale);
        V means = L.Create(mean);
        V factors = L.Create(factor);
        V slopes = L.Create(slope);
        V offsets = L.Create(offset);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            V rest = L.MultiplyAdd(slopes, L.Subtract(L.Load(x + i), means), offsets);
            L.Store(dx + i, L.MultiplyAdd(factors, gradient.Value(i), rest));
        }

        if (i < count)
        {
            V rest = L.MultiplyAdd(slopes, L.Subtract(L.LoadPartial(x + i, count - i), means), offsets);
            L.StorePartial(dx + i, L.MultiplyAdd(factors, gradient.PartialValue(i, count - i), rest), count - i);
        }
    }

    /// <summary>scales += dy·((x − mean) − lacking)·factor, biases += dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float* dy, float mean, float lacking, float factor, float* scales, float* biases, nint count)
    {
        V means = L.Create(mean);
        V rests = L.Create(lacking);
        V factors = L.Create(factor);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            V gradient = L.Load(dy + i);
            V normal = L.Multiply(L.Subtract(L.Subtract(L.Load(x + i), means), rests), factors);
            L.Store(scales + i, L.MultiplyAdd(gradient, normal, L.Load(scales + i)));
            L.Store(biases + i, L.Add(L.Load(biases + i), gradient));
        }

        if (i < count)
        {
            nint rest = count - i;
            V gradient = L.LoadPartial(dy + i, rest);
            V normal = L.Multiply(L.Subtract(L.Subtract(L.LoadPartial(x + i, rest), means), rests), factors);
            L.StorePartial(scales + i, L.MultiplyAdd(gradient, normal, L.LoadPartial(scales + i, rest)), rest);
            L.StorePartial(biases + i, L.Add(L.LoadPartial(biases + i, rest), gradient), rest);
        }
    }

    private readonly struct Gradient(float* dy, float* scale) : IReductionTerm<V>
    {
        private readonly float* _dy = dy;
        private readonly float* _scale = scale;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value(nint i) => _scale is null ? L.Load(_dy + i) : L.Multiply(L.Load(_dy + i), L.Load(_scale + i));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V PartialValue(nint i, nint count) => _scale is null
            ? L.LoadPartial(_dy + i, count)
            : L.Multiply(L.LoadPartial(_dy + i, count), L.LoadPartial(_scale + i, count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i) => L.Add(sum, Value(i));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count) => L.Add(sum, PartialValue(i, count));
    }

    private readonly struct Product(float* x, V means, Gradient gradient) : IReductionTerm<V>
    {
        private readonly float* _x = x;
        private readonly V _means = means;
        private readonly Gradient _gradient = gradient;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i) => L.MultiplyAdd(_gradient.Value(i), L.Subtract(L.Load(_x + i), _means), sum);

        // Where there is no element the gradient is 0.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count) =>
            L.MultiplyAdd(_gradient.PartialValue(i, count), L.Subtract(L.LoadPartial(_x + i, count), _means), sum);
    }
}
