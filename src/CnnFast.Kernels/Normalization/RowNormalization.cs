using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Kernels that normalise rows by moments of their own, as layer normalisation does. Sums are those of <see cref="RowReductions{L,V,I}"/>
/// over parts of a row, added in double: the bits do not depend on the vector width. Partial vectors touch only the rest of a row.
/// </summary>
internal static unsafe class RowNormalization<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    private const int Part = 1024;

    /// <summary>
    /// moments[0] = the mean of a row, moments[1] = its variance. Both come from deviations from a first mean that the sum in float gives:
    /// so they keep their digits where the mean is large beside them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(float* x, nint count, double* moments)
    {
        double sum = 0;
        for (nint i = 0; i < count; i += Part)
            sum += RowReductions<L, V, I>.Sum(count - i < Part ? count - i : Part, new Element(x + i));
        float centre = (float)(sum / count);
        V centres = L.Create(centre);
        double deviations = 0, squares = 0;
        for (nint i = 0; i < count; i += Part)
        {
            nint part = count - i < Part ? count - i : Part;
            deviations += RowReductions<L, V, I>.Sum(part, new Deviation(x + i, centres));
            squares += RowReductions<L, V, I>.Sum(part, new SquaredDeviation(x + i, centres));
        }

        double lacking = deviations / count;
        moments[0] = centre + lacking;
        moments[1] = Math.Max(0, (squares / count) - (lacking * lacking));
    }

    /// <summary>y = ((x − mean) − lacking)·factor·scale + bias, where there are scales and biases (else null); y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(float* x, float mean, float lacking, float factor, float* scale, float* bias, float* y, nint count)
    {
        V means = L.Create(mean);
        V rests = L.Create(lacking);
        V factors = L.Create(factor);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            V value = L.Multiply(L.Subtract(L.Subtract(L.Load(x + i), means), rests), factors);
            if (bias is not null)
                value = L.MultiplyAdd(value, L.Load(scale + i), L.Load(bias + i));
            else if (scale is not null)
                value = L.Multiply(value, L.Load(scale + i));
            L.Store(y + i, value);
        }

        if (i < count)
        {
            nint rest = count - i;
            V value = L.Multiply(L.Subtract(L.Subtract(L.LoadPartial(x + i, rest), means), rests), factors);
            if (bias is not null)
                value = L.MultiplyAdd(value, L.LoadPartial(scale + i, rest), L.LoadPartial(bias + i, rest));
            else if (scale is not null)
                value = L.Multiply(value, L.LoadPartial(scale + i, rest));
            L.StorePartial(y + i, value, rest);
        }
    }

    private readonly struct Element(float* x) : IReductionTerm<V>
    {
        private readonly float* _x = x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i) => L.Add(sum, L.Load(_x + i));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count) => L.Add(sum, L.LoadPartial(_x + i, count));
    }

    private readonly struct Deviation(float* x, V centres) : IReductionTerm<V>
    {
        private readonly float* _x = x;
        private readonly V _centres = centres;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i) => L.Add(sum, L.Subtract(L.Load(_x + i), _centres));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count) =>
            L.Add(sum, RowReductions<L, V, I>.First(L.Subtract(L.LoadPartial(_x + i, count), _centres), count, L.Create(0f)));
    }

    private readonly struct SquaredDeviation(float* x, V centres) : IReductionTerm<V>
    {
        private readonly float* _x = x;
        private readonly V _centres = centres;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i)
        {
            V deviation = L.Subtract(L.Load(_x + i), _centres);
            return L.MultiplyAdd(deviation, deviation, sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count)
        {
            V deviation = RowReductions<L, V, I>.First(L.Subtract(L.LoadPartial(_x + i, count), _centres), count, L.Create(0f));
            return L.MultiplyAdd(deviation, deviation, sum);
        }
    }
}
