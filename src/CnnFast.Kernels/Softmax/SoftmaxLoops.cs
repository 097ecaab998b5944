using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Softmax, its gradient and softmax with cross-entropy over rows <c>[rows, classes]</c>. Each row subtracts its maximum, takes e^x and divides by
/// the sum, which <see cref="RowReductions{L,V,I}"/> forms in 16 virtual lanes: the bits depend on neither threads nor vector width.
/// A row with a NaN (or +∞, or nothing but −∞) gives NaN throughout. Partial vectors touch only the rest of a row.
/// </summary>
internal static unsafe class SoftmaxLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* x, float* y, nint rows, nint classes)
    {
        for (nint row = 0; row < rows; row++)
            Row(x + (row * classes), y + (row * classes), classes, out _);
    }

    /// <summary>dx = y·(dy − Σ y·dy).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* y, float* dy, float* dx, nint rows, nint classes)
    {
        for (nint row = 0; row < rows; row++, y += classes, dy += classes, dx += classes)
        {
            V dot = L.Create(RowReductions<L, V, I>.Sum(y, dy, classes, default(Product)));
            nint i = 0;
            for (; i <= classes - L.Count; i += L.Count)
                L.Store(dx + i, L.Multiply(L.Load(y + i), L.Subtract(L.Load(dy + i), dot)));
            if (i < classes)
                L.StorePartial(dx + i, L.Multiply(L.LoadPartial(y + i, classes - i), L.Subtract(L.LoadPartial(dy + i, classes - i), dot)), classes - i);
        }
    }

    /// <summary>Probabilities, gradient (softmax − one-hot)·scale where dx is not null, and the sum of the rows' losses −log p[label].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CrossEntropy(float* x, int* labels, float* y, float* dx, nint rows, nint classes, float scale)
    {
        double total = 0;
        for (nint row = 0; row < rows; row++)
        {
            nint start = row * classes;
            float maximum = Row(x + start, y + start, classes, out float sum);
            nint label = start + labels[row];
            total += L.First(Logarithm.Invoke<L, V, I>(L.Create(sum))) - (x[label] - maximum);
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
            total += RowReductions<L, V, I>.Sum(targets + start, x + start, classes, new LogLoss(L.Create(maximum), log));
            if (dx is null)
                continue;
            V weight = L.Create(RowReductions<L, V, I>.Sum(targets + start, targets + start, classes, default(First)));
            V scales = L.Create(scale);
            float* to = dx + start;
            float* target = targets + start;
            float* p = y + start;
            nint i = 0;
            for (; i <= classes - L.Count; i += L.Count)
                L.Store(to + i, L.Multiply(L.Subtract(L.Multiply(L.Load(p + i), weight), L.Load(target + i)), scales));
            if (i < classes)
                L.StorePartial(to + i, L.Multiply(L.Subtract(L.Multiply(L.LoadPartial(p + i, classes - i), weight), L.LoadPartial(target + i, classes - i)), scales), classes - i);
        }

        return total;
    }

    /// <summary>Softmax of one row; returns its maximum and the sum of the exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Row(float* x, float* y, nint classes, out float sum)
    {
        float maximum = RowReductions<L, V, I>.Max(x, classes);
        V shift = L.Create(maximum);
        nint i = 0;
        for (; i <= classes - L.Count; i += L.Count)
            L.Store(y + i, Exponential.Invoke<L, V, I>(L.Subtract(L.Load(x + i), shift)));
        if (i < classes)
            L.StorePartial(y + i, Exponential.Invoke<L, V, I>(L.Subtract(L.LoadPartial(x + i, classes - i), shift)), classes - i);

        sum = RowReductions<L, V, I>.Sum(y, y, classes, default(First));
        V divisor = L.Create(sum);
        for (i = 0; i <= classes - L.Count; i += L.Count)
            L.Store(y + i, L.Divide(L.Load(y + i), divisor));
        if (i < classes)
            L.StorePartial(y + i, L.Divide(L.LoadPartial(y + i, classes - i), divisor), classes - i);
        return maximum;
    }

    private readonly struct First : IReductionTerm<V>
    {
        public V Accumulate(V sum, V a, V b) => L.Add(sum, a);
    }

    private readonly struct Product : IReductionTerm<V>
    {
        public V Accumulate(V sum, V a, V b) => L.MultiplyAdd(a, b, sum);
    }

    /// <summary>t·(log Σe^(x − max) − (x − max)), and 0 where t is 0 even if x is −∞.</summary>
    private readonly struct LogLoss(V maximum, V log) : IReductionTerm<V>
    {
        public V Accumulate(V sum, V a, V b)
        {
            V zero = L.Create(0f);
            V next = L.MultiplyAdd(a, L.Subtract(log, L.Subtract(b, maximum)), sum);
            return L.SelectEqualOrNaN(a, zero, L.Add(sum, a), next);
        }
    }
}
