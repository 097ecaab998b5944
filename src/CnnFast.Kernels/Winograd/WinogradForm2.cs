using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>F(2×2, 3×3) on the points 0, 1, −1, ∞: only additions in its transforms.</summary>
internal readonly unsafe struct WinogradForm2 : IWinogradForm
{
    public static int Outputs => 2;

    public static int Points => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputColumn<L, V, I>(float** rows, nint offset, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Input<L, V, I>(L.Load(rows[0] + offset), L.Load(rows[1] + offset), L.Load(rows[2] + offset), L.Load(rows[3] + offset), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputRow<L, V, I>(float* from, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Input<L, V, I>(L.Load(from), L.Load(from + L.Count), L.Load(from + (2 * L.Count)), L.Load(from + (3 * L.Count)), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputColumn<L, V, I>(float* from, nint fromStep, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Output<L, V, I>(L.Load(from), L.Load(from + fromStep), L.Load(from + (2 * fromStep)), L.Load(from + (3 * fromStep)), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputRow<L, V, I>(float* from, float* to)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Output<L, V, I>(L.Load(from), L.Load(from + L.Count), L.Load(from + (2 * L.Count)), L.Load(from + (3 * L.Count)), to, L.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GradientColumn<L, V, I>(float** rows, nint offset, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Gradient<L, V, I>(L.Load(rows[0] + offset), L.Load(rows[1] + offset), to, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GradientRow<L, V, I>(float* from, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        Gradient<L, V, I>(L.Load(from), L.Load(from + L.Count), to, step);

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
        V half = L.Create(0.5f);
        V sum = L.Multiply(half, L.Add(s1, s2));
        L.Store(to, L.Add(s0, sum));
        L.Store(to + step, L.Multiply(half, L.Subtract(s1, s2)));
        L.Store(to + (2 * step), L.Add(sum, s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input<L, V, I>(V d0, V d1, V d2, V d3, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        L.Store(to, L.Subtract(d0, d2));
        L.Store(to + step, L.Add(d1, d2));
        L.Store(to + (2 * step), L.Subtract(d2, d1));
        L.Store(to + (3 * step), L.Subtract(d1, d3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Output<L, V, I>(V m0, V m1, V m2, V m3, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        L.Store(to, L.Add(m0, L.Add(m1, m2)));
        L.Store(to + step, L.Subtract(L.Subtract(m1, m2), m3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gradient<L, V, I>(V y0, V y1, float* to, nint step)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        L.Store(to, y0);
        L.Store(to + step, L.Add(y0, y1));
        L.Store(to + (2 * step), L.Subtract(y0, y1));
        L.Store(to + (3 * step), L.Subtract(L.Create(0f), y1));
    }

    // Rows of G: (1, 0, 0), (1/2, ±1/2, 1/2), (0, 0, 1). A product with −g is the negative of that with g.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterPoints<DL, D, V>(D a, D b, D c, out D y0, out D y1, out D y2, out D y3, out D y4, out D y5)
        where DL : struct, IDoubleLanes<D, V>
        where D : unmanaged
        where V : unmanaged
    {
        D zero = DL.Create(0);
        D half = DL.Create(0.5);
        D b0 = DL.Multiply(b, zero);
        D a2 = DL.Multiply(a, half), b2 = DL.Multiply(b, half), c2 = DL.Multiply(c, half);
        y0 = DL.Add(DL.Add(a, b0), DL.Multiply(c, zero));
        y1 = DL.Add(DL.Add(a2, b2), c2);
        y2 = DL.Add(DL.Subtract(a2, b2), c2);
        y3 = DL.Add(DL.Add(DL.Multiply(a, zero), b0), c);
        y4 = zero;
        y5 = zero;
    }
}
