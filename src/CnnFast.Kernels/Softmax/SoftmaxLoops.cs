using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Softmax and its gradient over rows <c>[rows, classes]</c>. Each row subtracts its maximum, takes e^x and
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
            Row(x + (row * classes), y + (row * classes), classes);
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

    /// <summary>Whether a row is one vector: it stays in registers, and the next rows overlap with it.</summary>
    public static bool IsShort(nint classes) => L.Count > 1 && classes <= L.Count;

    /// <summary>The softmax of a row of at most one vector, and 0 in the other lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShortRow(float* x, nint classes, out float maximum, out float sum)
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
    public static void StoreShort(float* y, V value, nint classes)
    {
        if (classes == L.Count)
            L.Store(y, value);
        else
            L.StorePartial(y, value, classes);
    }

    /// <summary>Σ e^(x − maximum) of a row; the exponentials are stored to e where that is not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfExponentials(float* x, float* e, nint classes, float maximum) => e is null
        ? RowReductions<L, V, I>.Sum(classes, new ShiftedExponential(x, L.Create(maximum)))
        : RowReductions<L, V, I>.Sum(classes, new StoredExponential(x, e, L.Create(maximum)));

    /// <summary>Softmax of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* x, float* y, nint classes)
    {
        float maximum = RowReductions<L, V, I>.Max(x, classes);
        V divisor = L.Create(RowReductions<L, V, I>.Sum(classes, new StoredExponential(x, y, L.Create(maximum))));
        nint i = 0;
        for (; i <= classes - L.Count; i += L.Count)
            L.Store(y + i, L.Divide(L.Load(y + i), divisor));
        if (i < classes)
            L.StorePartial(y + i, L.Divide(L.LoadPartial(y + i, classes - i), divisor), classes - i);
    }

    private readonly struct Product(float* a, float* b) : IReductionTerm<V>
    {
        private readonly float* _a = a;
        private readonly float* _b = b;

        public V Accumulate(V sum, nint i) => L.MultiplyAdd(L.Load(_a + i), L.Load(_b + i), sum);

        public V AccumulatePartial(V sum, nint i, nint count) =>
            L.MultiplyAdd(L.LoadPartial(_a + i, count), L.LoadPartial(_b + i, count), sum);
    }

    /// <summary>e^(x − shift).</summary>
    private readonly struct ShiftedExponential(float* x, V shift) : IReductionTerm<V>
    {
        private readonly float* _x = x;
        private readonly V _shift = shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i) => L.Add(sum, Exponential.Invoke<L, V, I>(L.Subtract(L.Load(_x + i), _shift)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count) => L.Add(sum, RowReductions<L, V, I>.First(
            Exponential.Invoke<L, V, I>(L.Subtract(L.LoadPartial(_x + i, count), _shift)), count, L.Create(0f)));
    }

    /// <summary>e^(x − shift), which is stored to y on the way.</summary>
    private readonly struct StoredExponential(float* x, float* y, V shift) : IReductionTerm<V>
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
}
