using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>F(4×4, 3×3) on the points 0, 1, −1, 2, −2, ∞.</summary>
internal readonly unsafe struct WinogradForm4 : IWinogradForm
{
    public static int Outputs => 4;

    public static int Points => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputColumn<L, V, I>(float** rows, nint offset, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Input<L, V, I>(L.Load(rows[0] + offset), L.Load(rows[1] + offset), L.Load(rows[2] + offset), L.Load(rows[3] + offset),
            L.Load(rows[4] + offset), L.Load(rows[5] + offset), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputRow<L, V, I>(float* from, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Input<L, V, I>(L.Load(from), L.Load(from + L.Count), L.Load(from + (2 * L.Count)), L.Load(from + (3 * L.Count)),
            L.Load(from + (4 * L.Count)), L.Load(from + (5 * L.Count)), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputColumn<L, V, I>(float* from, nint fromStep, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Output<L, V, I>(L.Load(from), L.Load(from + fromStep), L.Load(from + (2 * fromStep)), L.Load(from + (3 * fromStep)),
            L.Load(from + (4 * fromStep)), L.Load(from + (5 * fromStep)), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputRow<L, V, I>(float* from, float* to)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Output<L, V, I>(L.Load(from), L.Load(from + L.Count), L.Load(from + (2 * L.Count)), L.Load(from + (3 * L.Count)),
            L.Load(from + (4 * L.Count)), L.Load(from + (5 * L.Count)), to, L.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GradientColumn<L, V, I>(float** rows, nint offset, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Gradient<L, V, I>(L.Load(rows[0] + offset), L.Load(rows[1] + offset), L.Load(rows[2] + offset), L.Load(rows[3] + offset), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GradientRow<L, V, I>(float* from, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Gradient<L, V, I>(L.Load(from), L.Load(from + L.Count), L.Load(from + (2 * L.Count)), L.Load(from + (3 * L.Count)), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<L, V, I>(float* from, nint fromStep, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V s0 = L.Load(from);
        V s1 = L.Load(from + fromStep);
        V s2 = L.Load(from + (2 * fromStep));
        V s3 = L.Load(from + (3 * fromStep));
        V s4 = L.Load(from + (4 * fromStep));
        V s5 = L.Load(from + (5 * fromStep));
        V a = L.Multiply(L.Create(-1f / 6f), L.Add(s1, s2));
        V b = L.Subtract(s2, s1);
        V d = L.Add(s3, s4);
        V e = L.Subtract(s3, s4);
        L.Store(to, L.MultiplyAdd(L.Create(0.25f), s0, L.MultiplyAdd(L.Create(1f / 24f), d, a)));
        L.Store(to + step, L.MultiplyAdd(L.Create(1f / 6f), b, L.Multiply(L.Create(1f / 12f), e)));
        L.Store(to + (2 * step), L.Add(L.MultiplyAdd(L.Create(1f / 6f), d, a), s5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input<L, V, I>(V d0, V d1, V d2, V d3, V d4, V d5, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V minusFour = L.Create(-4f);
        V minusFive = L.Create(-5f);
        V four = L.Create(4f);
        L.Store(to, L.MultiplyAdd(four, d0, L.MultiplyAdd(minusFive, d2, d4)));
        V a = L.MultiplyAdd(minusFour, d2, d4);
        V b = L.MultiplyAdd(minusFour, d1, d3);
        L.Store(to + step, L.Add(a, b));
        L.Store(to + (2 * step), L.Subtract(a, b));
        V e = L.Subtract(d4, d2);
        V f = L.Subtract(d3, d1);
        L.Store(to + (3 * step), L.MultiplyAdd(L.Create(2f), f, e));
        L.Store(to + (4 * step), L.MultiplyAdd(L.Create(-2f), f, e));
        L.Store(to + (5 * step), L.MultiplyAdd(four, d1, L.MultiplyAdd(minusFive, d3, d5)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Output<L, V, I>(V m0, V m1, V m2, V m3, V m4, V m5, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V a = L.Add(m1, m2);
        V b = L.Subtract(m1, m2);
        V d = L.Add(m3, m4);
        V e = L.Subtract(m3, m4);
        L.Store(to, L.Add(m0, L.Add(a, d)));
        L.Store(to + step, L.MultiplyAdd(L.Create(2f), e, b));
        L.Store(to + (2 * step), L.MultiplyAdd(L.Create(4f), d, a));
        L.Store(to + (3 * step), L.Add(L.MultiplyAdd(L.Create(8f), e, b), m5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gradient<L, V, I>(V y0, V y1, V y2, V y3, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V even = L.Add(y0, y2);
        V odd = L.Add(y1, y3);
        L.Store(to, y0);
        L.Store(to + step, L.Add(even, odd));
        L.Store(to + (2 * step), L.Subtract(even, odd));
        even = L.MultiplyAdd(L.Create(4f), y2, y0);
        odd = L.MultiplyAdd(L.Create(4f), y3, y1);
        L.Store(to + (3 * step), L.MultiplyAdd(L.Create(2f), odd, even));
        L.Store(to + (4 * step), L.MultiplyAdd(L.Create(-2f), odd, even));
        L.Store(to + (5 * step), y3);
    }

    // Rows of G: (1/4, 0, 0), (−1/6, ∓1/6, −1/6), (1/24, ±1/12, 1/6), (0, 0, 1). A product with −g is the negative of that with g.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterPoints<DL, D, V>(D a, D b, D c, out D y0, out D y1, out D y2, out D y3, out D y4, out D y5)
        where DL : struct, IDoubleLanes<D, V>
        where D : unmanaged
        where V : unmanaged
    {
        D zero = DL.Create(0);
        D b0 = DL.Multiply(b, zero);
        D a6 = DL.Multiply(a, DL.Create(-1 / 6.0)), b6 = DL.Multiply(b, DL.Create(1 / 6.0)), c6 = DL.Multiply(c, DL.Create(1 / 6.0));
        D a24 = DL.Multiply(a, DL.Create(1 / 24.0)), b12 = DL.Multiply(b, DL.Create(1 / 12.0));
        y0 = DL.Add(DL.Add(DL.Multiply(a, DL.Create(1 / 4.0)), b0), DL.Multiply(c, zero));
        y1 = DL.Subtract(DL.Subtract(a6, b6), c6);
        y2 = DL.Subtract(DL.Add(a6, b6), c6);
        y3 = DL.Add(DL.Add(a24, b12), c6);
        y4 = DL.Add(DL.Subtract(a24, b12), c6);
        y5 = DL.Add(DL.Add(DL.Multiply(a, zero), b0), c);
    }
}
