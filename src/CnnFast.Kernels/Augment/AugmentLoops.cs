using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Kernels that change images of floats. Whole vectors, then one partial vector that stores only the rest. Lanes lie along the elements
/// [pixel, channel] of a row.
/// </summary>
internal static unsafe class AugmentLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    // Adding it rounds a float of less than 2^22 to a whole number, which then stands in its low bits.
    private const float Whole = 12582912f;

    /// <summary>y[j, c] = the image at the place of pixel j, interpolated linearly along rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SampleRow(SampledRow* row, float* y, nint count)
    {
        nint e = 0;
        for (; e <= count - L.Count; e += L.Count)
            L.Store(y + e, Sample(row, L.Load(row->Pixels + e), L.BitsOf(L.Load((float*)row->Offsets + e))));
        if (e < count)
        {
            nint rest = count - e;
            L.StorePartial(y + e,
                Sample(row, L.LoadPartial(row->Pixels + e, rest), L.BitsOf(L.LoadPartial((float*)row->Offsets + e, rest))), rest);
        }
    }

    /// <summary>
    /// y[e] = Σ over t of weights[t, e]·x[e + t − taps / 2] + shift[e], held between low and high. Weights and shifts are those of a row;
    /// taps / 2 finite floats lie before x and after it, unless one tap is asked for, and y is another memory then.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MixChannels(float* x, float* weights, nint taps, float* shift, float low, float high, float* y, nint rows,
        nint columns)
    {
        V least = L.Create(low);
        V most = L.Create(high);
        nint side = taps / 2;
        for (nint row = 0; row < rows; row++, x += columns, y += columns)
        {
            nint e = 0;
            for (; e <= columns - L.Count; e += L.Count)
            {
                V sum = L.Load(shift + e);
                for (nint t = 0; t < taps; t++)
                    sum = L.MultiplyAdd(L.Load(weights + (t * columns) + e), L.Load(x + e + t - side), sum);
                L.Store(y + e, L.Min(L.Max(sum, least), most));
            }

            if (e < columns)
            {
                nint rest = columns - e;
                V sum = L.LoadPartial(shift + e, rest);
                for (nint t = 0; t < taps; t++)
                    sum = L.MultiplyAdd(L.LoadPartial(weights + (t * columns) + e, rest), L.LoadPartial(x + e + t - side, rest), sum);
                L.StorePartial(y + e, L.Min(L.Max(sum, least), most), rest);
            }
        }
    }

    /// <summary>y = a + share·(b − a); y may be a or b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blend(float* a, float* b, float share, float* y, nint count)
    {
        V part = L.Create(share);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
            L.Store(y + i, Between(L.Load(a + i), L.Load(b + i), part));
        if (i < count)
        {
            nint rest = count - i;
            L.StorePartial(y + i, Between(L.LoadPartial(a + i, rest), L.LoadPartial(b + i, rest), part), rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sample(SampledRow* at, V pixel, I offset)
    {
        V row = Held(L.MultiplyAdd(pixel, L.Create(at->RowStep), L.Create(at->Row)), at->Lowest, at->HighestRow, at->Reflects);
        V column = Held(L.MultiplyAdd(pixel, L.Create(at->ColumnStep), L.Create(at->Column)), at->Lowest, at->HighestColumn, at->Reflects);

        // The whole number below; at a whole number perhaps the one before it, whose neighbour then has the whole weight.
        V whole = L.Create(Whole);
        V half = L.Create(0.5f);
        V top = L.Add(L.Subtract(row, half), whole);
        V left = L.Add(L.Subtract(column, half), whole);
        I bits = L.BitsOf(whole);
        I index = L.AddInt(offset, L.AddInt(
            L.MultiplyInt(L.SubtractInt(L.BitsOf(top), bits), L.CreateInt(at->Pitch)),
            L.MultiplyInt(L.SubtractInt(L.BitsOf(left), bits), L.CreateInt(at->Channels))));
        V down = L.Subtract(row, L.Subtract(top, whole));
        V right = L.Subtract(column, L.Subtract(left, whole));
        float* image = at->Image;
        V upper = Between(L.Gather(image, index), L.Gather(image + at->Channels, index), right);
        image += at->Pitch;
        V under = Between(L.Gather(image, index), L.Gather(image + at->Channels, index), right);
        return Between(upper, under, down);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Held(V place, float lowest, float highest, bool reflects)
    {
        V last = L.Create(highest);
        if (reflects)
            place = L.Subtract(last, Size(L.Subtract(last, Size(place))));
        return L.Min(L.Max(place, L.Create(lowest)), last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Size(V value) => L.FromBits(L.And(L.BitsOf(value), L.CreateInt(int.MaxValue)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Between(V a, V b, V share) => L.MultiplyAdd(L.Subtract(b, a), share, a);
}
