using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// The filter transform GgGᵀ of Winograd convolution, in double and rounded once. Plain vector arithmetic without fused operations, in one
/// order, so every tier gives the same bits. Lanes are columns; the points of a line of memory, 16 columns, are stored together, since
/// equal places of different points are in one set of a cache.
/// </summary>
/// <typeparam name="TForm">The form.</typeparam>
/// <typeparam name="DL">Lanes of <typeparamref name="D"/>.</typeparam>
/// <typeparam name="D">Vector of doubles.</typeparam>
/// <typeparam name="L">Lanes of <typeparamref name="V"/>.</typeparam>
/// <typeparam name="V">Vector of floats.</typeparam>
/// <typeparam name="I">Vector of integers.</typeparam>
internal static unsafe class WinogradFilter<TForm, DL, D, L, V, I>
    where TForm : struct, IWinogradForm
    where DL : struct, IDoubleLanes<D, V>
    where D : unmanaged
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    private const int Line = 16;

    /// <summary>Transforms some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(WinogradFilterRows* filter)
    {
        double* memory = stackalloc double[(18 * Line) + 7];
        double* sums = (double*)(((nuint)memory + 63) / 64 * 64);
        nint step = filter->PointStep;
        bool keeps = filter->KeepsDenormals;
        float* taps = filter->Taps;
        float* points = filter->Points;
        for (nint row = 0; row < filter->Rows; row++, taps += filter->TapRow, points += filter->PointRow)
        {
            for (nint c = 0; c < filter->Columns; c += Line)
            {
                nint columns = Math.Min(Line, filter->Columns - c);
                for (nint s = 0; s < columns; s += L.Count)
                    Columns(taps + c + s, filter->TapStep, columns - s, sums + s);
                bool streams = filter->Streams && columns == Line;
                for (nint i = 0; i < TForm.Points; i++)
                {
                    float* to = points + (i * TForm.Points * step) + c;
                    for (nint s = 0; s < columns; s += L.Count)
                        Row(sums + (i * 3 * Line) + s, to + s, step, columns - s, keeps, streams);
                }
            }
        }
    }

    // Gg for the columns of a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(float* taps, nint step, nint columns, double* sums)
    {
        for (nint j = 0; j < 3; j++, taps += step, sums += Line)
        {
            V a = Load(taps, columns), b = Load(taps + (3 * step), columns), c = Load(taps + (6 * step), columns);
            StoreSums(sums, DL.Lower(a), DL.Lower(b), DL.Lower(c));
            StoreSums(sums + (L.Count / 2), DL.Upper(a), DL.Upper(b), DL.Upper(c));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(double* to, D a, D b, D c)
    {
        const int Row = 3 * Line;
        TForm.FilterPoints<DL, D, V>(a, b, c, out D y0, out D y1, out D y2, out D y3, out D y4, out D y5);
        DL.Store(to, y0);
        DL.Store(to + Row, y1);
        DL.Store(to + (2 * Row), y2);
        DL.Store(to + (3 * Row), y3);
        if (TForm.Points == 4)
            return;
        DL.Store(to + (4 * Row), y4);
        DL.Store(to + (5 * Row), y5);
    }

    // A row of the points for the columns of a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(double* sums, float* to, nint step, nint columns, bool keeps, bool streams)
    {
        TForm.FilterPoints<DL, D, V>(DL.Load(sums), DL.Load(sums + Line), DL.Load(sums + (2 * Line)), out D l0, out D l1, out D l2,
            out D l3, out D l4, out D l5);
        sums += L.Count / 2;
        TForm.FilterPoints<DL, D, V>(DL.Load(sums), DL.Load(sums + Line), DL.Load(sums + (2 * Line)), out D u0, out D u1, out D u2,
            out D u3, out D u4, out D u5);
        Store(to, DL.Narrow(l0, u0), columns, keeps, streams);
        Store(to + step, DL.Narrow(l1, u1), columns, keeps, streams);
        Store(to + (2 * step), DL.Narrow(l2, u2), columns, keeps, streams);
        Store(to + (3 * step), DL.Narrow(l3, u3), columns, keeps, streams);
        if (TForm.Points == 4)
            return;
        Store(to + (4 * step), DL.Narrow(l4, u4), columns, keeps, streams);
        Store(to + (5 * step), DL.Narrow(l5, u5), columns, keeps, streams);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(float* from, nint count) => count >= L.Count ? L.Load(from) : L.LoadPartial(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, V value, nint count, bool keeps, bool streams)
    {
        if (!keeps)
            value = Normal(value);
        if (streams)
            L.StoreStreaming(to, value);
        else if (count >= L.Count)
            L.Store(to, value);
        else
            L.StorePartial(to, value, count);
    }

    // Below 2⁻¹²⁶ the exponent's bits are 0; all that is left then is the sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Normal(V value)
    {
        I bits = L.BitsOf(value);
        return L.SelectGreaterInt(L.CreateInt(0x0080_0000), L.And(bits, L.CreateInt(int.MaxValue)),
            L.FromBits(L.And(bits, L.CreateInt(int.MinValue))), value);
    }
}
