using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Softmax, its gradient and softmax with cross-entropy over rows <c>[rows, classes]</c>. Each row subtracts its maximum, takes e^x and
/// divides by the sum, which <see cref="RowReductions{L,V,I}"/> forms in 16 virtual lanes: the bits depend on neither threads nor vector
/// width. A row with a NaN (or +∞, or nothing but −∞) gives NaN throughout. Partial vectors touch only the rest of a row.
/// </summary>
internal static unsafe class SoftmaxLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* x, float* y, nint rows, nint classes)
    {
        if (IsShort(classes))
        {
            for (nint row = 0; row < rows; row++, x += classes, y += classes)
                StoreShort(y, ShortRow(x, classes, out _, out _), classes);
            return;
        }

        for (nint row = 0; row < rows; row++)
            Row(x + (row * classes), y + (row * classes), classes, out _);
    }

    /// <summary>dx = y·(dy − Σ y·dy).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* y, float* dy, float* dx, nint rows, nint classes)
    {
        for (nint row = 0; row < rows; row++, y += classes, dy += classes, dx += classes)
        {
            V dot = L.Create(RowReductions<L, V, I>.Sum(classes, new Product(y, dy)));
            nint i = 0;
            for (; i <= classes - L.Count; i += L.Count)
                L.Store(dx + i, L.Multiply(L.Load(y + i), L.Subtract(L.Load(dy + i), dot)));
            if (i < classes)
                L.StorePartial(dx + i, L.Multiply(L.LoadPartial(y + i, classes - i), L.Subtract(L.LoadPartial(dy + i, classes - i), dot)),
                    classes - i);
        }
    }

    /// <summary>
    /// Probabilities, gradient (softmax − one-hot)·scale where dx is not null, and the sum of the rows' losses −log p[label].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CrossEntropy(float* x, int* labels, float* y, float* dx, nint rows, nint classes, float scale)
    {
        double total = 0;
        for (nint row = 0; row < rows; row++)
        {
            nint start = row * classes;
            nint label = start + labels[row];
            float maximum, sum;
            if (IsShort(classes))
            {
                V p = ShortRow(x + start, classes, out maximum, out sum);
                StoreShort(y + start, p, classes);
                if (dx is not null)
                {
                    V isLabel = L.SelectGreaterInt(L.CreateInt(1), L.Xor(L.Indices, L.CreateInt(labels[row])), L.Create(1f), L.Create(0f));
                    StoreShort(dx + start, L.Multiply(L.Subtract(p, isLabel), L.Create(scale)), classes);
                }

                total += Loss(x[label], maximum, sum);
                continue;
            }

            maximum = Row(x + start, y + start, classes, out sum);
            total += Loss(x[label], maximum, sum);
            if (dx is null)
                continue;
            ElementwiseLoops<L, V, I>.Scale(y + start, dx + start, classes, scale);
            dx[label] = (y[label] - 1f) * scale;
        }

        return total;
    }

    /// <summary>Probabilities, gradient (softmax·Σt − t)·scale where dx is not null, and the sum of the rows' losses −Σ t·log p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CrossEntropySoft(float* x, float* targets, float* y, float* dx, nint rows, nint classes, float scale)
    {
        double total = 0;
        for (nint row = 0; row < rows; row++)
        {
            nint start = row * classes;
            float maximum = Row(x + start, y + start, classes, out float sum);
            V log = Logarithm.Invoke<L, V, I>(L.Create(sum));
            total += RowReductions<L, V, I>.Sum(classes, new LogLoss(targets + start, x + start, L.Create(maximum), log));
            if (dx is null)
                continue;
            V weight = L.Create(RowReductions<L, V, I>.Sum(classes, new Element(targets + start)));
            V scales = L.Create(scale);
            float* to = dx + start;
            float* target = targets + start;
            float* p = y + start;
            nint i = 0;
            for (; i <= classes - L.Count; i += L.Count)
                L.Store(to + i, L.Multiply(L.Subtract(L.Multiply(L.Load(p + i), weight), L.Load(target + i)), scales));
            if (i < classes)
                L.StorePartial(to + i, L.Multiply(L.Subtract(L.Multiply(L.LoadPartial(p + i, classes - i), weight),
                    L.LoadPartial(target + i, classes - i)), scales), classes - i);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Loss(float logit, float maximum, float sum) =>
        L.First(Logarithm.Invoke<L, V, I>(L.Create(sum))) - (logit - maximum);

    // A row in one vector stays in registers, and the next rows overlap with it.
    private static bool IsShort(nint classes) => L.Count > 1 && classes <= L.Count;

    /// <summary>The softmax of a row of at most one vector, and 0 in the other lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ShortRow(float* x, nint classes, out float maximum, out float sum)
    {
        V logits = classes == L.Count
            ? L.Load(x)
            : RowReductions<L, V, I>.First(L.LoadPartial(x, classes), classes, L.Create(float.NegativeInfinity));
        maximum = L.TreeMax(logits);
        V e = RowReductions<L, V, I>.First(Exponential.Invoke<L, V, I>(L.Subtract(logits, L.Create(maximum))), classes, L.Create(0f));
        sum = L.TreeSum(e);
        return L.Divide(e, L.Create(sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreShort(float* y, V value, nint classes)
    {
        if (classes == L.Count)
            L.Store(y, value);
        else
            L.StorePartial(y, value, classes);
    }

    /// <summary>Softmax of one row; returns its maximum and the sum of the exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Row(float* x, float* y, nint classes, out float sum)
    {
        if (IsShort(classes))
        {
            StoreShort(y, ShortRow(x, classes, out float best, out sum), classes);
            return best;
        }

        float maximum = RowReductions<L, V, I>.Max(x, classes);
        sum = RowReductions<L, V, I>.Sum(classes, new ShiftedExponential(x, y, L.Create(maximum)));
        V divisor = L.Create(sum);
        nint i = 0;
        for (; i <= classes - L.Count; i += L.Count)
            L.Store(y + i, L.Divide(L.Load(y + i), divisor));
        if (i < classes)
            L.StorePartial(y + i, L.Divide(L.LoadPartial(y + i, classes - i), divisor), classes - i);
        return maximum;
    }

    private readonly struct Element(float* x) : IReductionTerm<V>
    {
        private readonly float* _x = x;

        public V Accumulate(V sum, nint i) => L.Add(sum, L.Load(_x + i));

        public V AccumulatePartial(V sum, nint i, nint count) => L.Add(sum, L.LoadPartial(_x + i, count));
    }

    private readonly struct Product(float* a, float* b) : IReductionTerm<V>
    {
        private readonly float* _a = a;
        private readonly float* _b = b;

        public V Accumulate(V sum, nint i) => L.MultiplyAdd(L.Load(_a + i), L.Load(_b + i), sum);

        public V AccumulatePartial(V sum, nint i, nint count) =>
            L.MultiplyAdd(L.LoadPartial(_a + i, count), L.LoadPartial(_b + i, count), sum);
    }

    /// <summary>e^(x − shift), which is stored to y on the way.</summary>
    private readonly struct ShiftedExponential(float* x, float* y, V shift) : IReductionTerm<V>
    {
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly V _shift = shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i)
        {
            V e = Exponential.Invoke<L, V, I>(L.Subtract(L.Load(_x + i), _shift));
            L.Store(_y + i, e);
            return L.Add(sum, e);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count)
        {
            V e = Exponential.Invoke<L, V, I>(L.Subtract(L.LoadPartial(_x + i, count), _shift));
            L.StorePartial(_y + i, e, count);
            return L.Add(sum, RowReductions<L, V, I>.First(e, count, L.Create(0f)));
        }
    }

    /// <summary>t·(log Σe^(x − max) − (x − max)), and 0 where t is 0 even if x is −∞.</summary>
    private readonly struct LogLoss(float* targets, float* x, V maximum, V log) : IReductionTerm<V>
    {
        private readonly float* _targets = targets;
        private readonly float* _x = x;
        private readonly V _maximum = maximum;
        private readonly V _log = log;

        public V Accumulate(V sum, nint i) => Add(sum, L.Load(_targets + i), L.Load(_x + i));

        // Targets of 0 fill the vector.
        public V AccumulatePartial(V sum, nint i, nint count) => Add(sum, L.LoadPartial(_targets + i, count), L.LoadPartial(_x + i, count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Add(V sum, V a, V b)
        {
            V next = L.MultiplyAdd(a, L.Subtract(_log, L.Subtract(b, _maximum)), sum);
            return L.SelectEqualOrNaN(a, L.Create(0f), L.Add(sum, a), next);
        }
    }
}
