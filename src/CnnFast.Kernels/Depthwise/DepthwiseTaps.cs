using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// The terms of one <see cref="DepthwiseRun"/> for a tile of up to 8 output columns: every source vector is loaded once and
/// multiplied by each tap that reads it. Positions outside the source are left out. Everything inlines into the tile, where
/// the accumulators are registers.
/// </summary>
internal static unsafe class DepthwiseTaps<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>One tap: output column i reads position i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One<TColumns, TSource>(DepthwiseTile* tile, float* p, nint x, float* w, ref V a0, ref V a1, ref V a2, ref V a3,
        ref V a4, ref V a5, ref V a6, ref V a7)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
    {
        nint step = tile->ColumnStep;
        nint stride = tile->Stride;
        V w0 = L.Load(w);
        if (Reads<TSource>(tile, x))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w0, a0);
        }

        p += step;
        if (sizeof(TColumns) > 1 && Reads<TSource>(tile, x + stride))
        {
            V v = Load<TSource>(tile, p);
            a1 = L.MultiplyAdd(v, w0, a1);
        }

        p += step;
        if (sizeof(TColumns) > 2 && Reads<TSource>(tile, x + (2 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a2 = L.MultiplyAdd(v, w0, a2);
        }

        p += step;
        if (sizeof(TColumns) > 3 && Reads<TSource>(tile, x + (3 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a3 = L.MultiplyAdd(v, w0, a3);
        }

        p += step;
        if (sizeof(TColumns) > 4 && Reads<TSource>(tile, x + (4 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a4 = L.MultiplyAdd(v, w0, a4);
        }

        p += step;
        if (sizeof(TColumns) > 5 && Reads<TSource>(tile, x + (5 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a5 = L.MultiplyAdd(v, w0, a5);
        }

        p += step;
        if (sizeof(TColumns) > 6 && Reads<TSource>(tile, x + (6 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a6 = L.MultiplyAdd(v, w0, a6);
        }

        p += step;
        if (sizeof(TColumns) > 7 && Reads<TSource>(tile, x + (7 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a7 = L.MultiplyAdd(v, w0, a7);
        }
    }

    /// <summary>Two taps, a column of outputs apart: position i serves outputs i − 1 and i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Two<TColumns, TSource>(DepthwiseTile* tile, float* p, nint x, float* w, ref V a0, ref V a1, ref V a2, ref V a3,
        ref V a4, ref V a5, ref V a6, ref V a7)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
    {
        nint step = tile->ColumnStep;
        nint stride = tile->Stride;
        V w0 = L.Load(w);
        V w1 = L.Load(w + L.Count);
        if (Reads<TSource>(tile, x))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w0, a0);
        }

        p += step;
        if (Reads<TSource>(tile, x + stride))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w1, a0);
            if (sizeof(TColumns) > 1)
                a1 = L.MultiplyAdd(v, w0, a1);
        }

        p += step;
        if (sizeof(TColumns) > 1 && Reads<TSource>(tile, x + (2 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a1 = L.MultiplyAdd(v, w1, a1);
            if (sizeof(TColumns) > 2)
                a2 = L.MultiplyAdd(v, w0, a2);
        }

        p += step;
        if (sizeof(TColumns) > 2 && Reads<TSource>(tile, x + (3 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a2 = L.MultiplyAdd(v, w1, a2);
            if (sizeof(TColumns) > 3)
                a3 = L.MultiplyAdd(v, w0, a3);
        }

        p += step;
        if (sizeof(TColumns) > 3 && Reads<TSource>(tile, x + (4 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a3 = L.MultiplyAdd(v, w1, a3);
            if (sizeof(TColumns) > 4)
                a4 = L.MultiplyAdd(v, w0, a4);
        }

        p += step;
        if (sizeof(TColumns) > 4 && Reads<TSource>(tile, x + (5 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a4 = L.MultiplyAdd(v, w1, a4);
            if (sizeof(TColumns) > 5)
                a5 = L.MultiplyAdd(v, w0, a5);
        }

        p += step;
        if (sizeof(TColumns) > 5 && Reads<TSource>(tile, x + (6 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a5 = L.MultiplyAdd(v, w1, a5);
            if (sizeof(TColumns) > 6)
                a6 = L.MultiplyAdd(v, w0, a6);
        }

        p += step;
        if (sizeof(TColumns) > 6 && Reads<TSource>(tile, x + (7 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a6 = L.MultiplyAdd(v, w1, a6);
            if (sizeof(TColumns) > 7)
                a7 = L.MultiplyAdd(v, w0, a7);
        }

        p += step;
        if (sizeof(TColumns) > 7 && Reads<TSource>(tile, x + (8 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a7 = L.MultiplyAdd(v, w1, a7);
        }
    }

    /// <summary>Three taps, a column of outputs apart: position i serves outputs i − 2, i − 1 and i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Three<TColumns, TSource>(DepthwiseTile* tile, float* p, nint x, float* w, ref V a0, ref V a1, ref V a2, ref V a3,
        ref V a4, ref V a5, ref V a6, ref V a7)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
    {
        nint step = tile->ColumnStep;
        nint stride = tile->Stride;
        V w0 = L.Load(w);
        V w1 = L.Load(w + L.Count);
        V w2 = L.Load(w + (2 * L.Count));
        if (Reads<TSource>(tile, x))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w0, a0);
        }

        p += step;
        if (Reads<TSource>(tile, x + stride))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w1, a0);
            if (sizeof(TColumns) > 1)
                a1 = L.MultiplyAdd(v, w0, a1);
        }

        p += step;
        if (Reads<TSource>(tile, x + (2 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w2, a0);
            if (sizeof(TColumns) > 1)
                a1 = L.MultiplyAdd(v, w1, a1);
            if (sizeof(TColumns) > 2)
                a2 = L.MultiplyAdd(v, w0, a2);
        }

        p += step;
        if (sizeof(TColumns) > 1 && Reads<TSource>(tile, x + (3 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a1 = L.MultiplyAdd(v, w2, a1);
            if (sizeof(TColumns) > 2)
                a2 = L.MultiplyAdd(v, w1, a2);
            if (sizeof(TColumns) > 3)
                a3 = L.MultiplyAdd(v, w0, a3);
        }

        p += step;
        if (sizeof(TColumns) > 2 && Reads<TSource>(tile, x + (4 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a2 = L.MultiplyAdd(v, w2, a2);
            if (sizeof(TColumns) > 3)
                a3 = L.MultiplyAdd(v, w1, a3);
            if (sizeof(TColumns) > 4)
                a4 = L.MultiplyAdd(v, w0, a4);
        }

        p += step;
        if (sizeof(TColumns) > 3 && Reads<TSource>(tile, x + (5 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a3 = L.MultiplyAdd(v, w2, a3);
            if (sizeof(TColumns) > 4)
                a4 = L.MultiplyAdd(v, w1, a4);
            if (sizeof(TColumns) > 5)
                a5 = L.MultiplyAdd(v, w0, a5);
        }

        p += step;
        if (sizeof(TColumns) > 4 && Reads<TSource>(tile, x + (6 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a4 = L.MultiplyAdd(v, w2, a4);
            if (sizeof(TColumns) > 5)
                a5 = L.MultiplyAdd(v, w1, a5);
            if (sizeof(TColumns) > 6)
                a6 = L.MultiplyAdd(v, w0, a6);
        }

        p += step;
        if (sizeof(TColumns) > 5 && Reads<TSource>(tile, x + (7 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a5 = L.MultiplyAdd(v, w2, a5);
            if (sizeof(TColumns) > 6)
                a6 = L.MultiplyAdd(v, w1, a6);
            if (sizeof(TColumns) > 7)
                a7 = L.MultiplyAdd(v, w0, a7);
        }

        p += step;
        if (sizeof(TColumns) > 6 && Reads<TSource>(tile, x + (8 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a6 = L.MultiplyAdd(v, w2, a6);
            if (sizeof(TColumns) > 7)
                a7 = L.MultiplyAdd(v, w1, a7);
        }

        p += step;
        if (sizeof(TColumns) > 7 && Reads<TSource>(tile, x + (9 * stride)))
        {
            V v = Load<TSource>(tile, p);
            a7 = L.MultiplyAdd(v, w2, a7);
        }
    }

    /// <summary>
    /// Three taps, half a column of outputs apart: position 2·i serves outputs i − 1 and i, position 2·i + 1 serves output i.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ThreeByTwo<TColumns, TSource>(DepthwiseTile* tile, float* p, nint x, float* w, ref V a0, ref V a1, ref V a2,
        ref V a3, ref V a4, ref V a5, ref V a6, ref V a7)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
    {
        nint step = tile->PixelStep;
        V w0 = L.Load(w);
        V w1 = L.Load(w + L.Count);
        V w2 = L.Load(w + (2 * L.Count));
        if (Reads<TSource>(tile, x))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w0, a0);
        }

        p += step;
        if (Reads<TSource>(tile, x + 1))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w1, a0);
        }

        p += step;
        if (Reads<TSource>(tile, x + 2))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w2, a0);
            if (sizeof(TColumns) > 1)
                a1 = L.MultiplyAdd(v, w0, a1);
        }

        p += step;
        if (sizeof(TColumns) > 1 && Reads<TSource>(tile, x + 3))
        {
            V v = Load<TSource>(tile, p);
            a1 = L.MultiplyAdd(v, w1, a1);
        }

        p += step;
        if (sizeof(TColumns) > 1 && Reads<TSource>(tile, x + 4))
        {
            V v = Load<TSource>(tile, p);
            a1 = L.MultiplyAdd(v, w2, a1);
            if (sizeof(TColumns) > 2)
                a2 = L.MultiplyAdd(v, w0, a2);
        }

        p += step;
        if (sizeof(TColumns) > 2 && Reads<TSource>(tile, x + 5))
        {
            V v = Load<TSource>(tile, p);
            a2 = L.MultiplyAdd(v, w1, a2);
        }

        p += step;
        if (sizeof(TColumns) > 2 && Reads<TSource>(tile, x + 6))
        {
            V v = Load<TSource>(tile, p);
            a2 = L.MultiplyAdd(v, w2, a2);
            if (sizeof(TColumns) > 3)
                a3 = L.MultiplyAdd(v, w0, a3);
        }

        p += step;
        if (sizeof(TColumns) > 3 && Reads<TSource>(tile, x + 7))
        {
            V v = Load<TSource>(tile, p);
            a3 = L.MultiplyAdd(v, w1, a3);
        }

        p += step;
        if (sizeof(TColumns) > 3 && Reads<TSource>(tile, x + 8))
        {
            V v = Load<TSource>(tile, p);
            a3 = L.MultiplyAdd(v, w2, a3);
            if (sizeof(TColumns) > 4)
                a4 = L.MultiplyAdd(v, w0, a4);
        }

        p += step;
        if (sizeof(TColumns) > 4 && Reads<TSource>(tile, x + 9))
        {
            V v = Load<TSource>(tile, p);
            a4 = L.MultiplyAdd(v, w1, a4);
        }

        p += step;
        if (sizeof(TColumns) > 4 && Reads<TSource>(tile, x + 10))
        {
            V v = Load<TSource>(tile, p);
            a4 = L.MultiplyAdd(v, w2, a4);
            if (sizeof(TColumns) > 5)
                a5 = L.MultiplyAdd(v, w0, a5);
        }

        p += step;
        if (sizeof(TColumns) > 5 && Reads<TSource>(tile, x + 11))
        {
            V v = Load<TSource>(tile, p);
            a5 = L.MultiplyAdd(v, w1, a5);
        }

        p += step;
        if (sizeof(TColumns) > 5 && Reads<TSource>(tile, x + 12))
        {
            V v = Load<TSource>(tile, p);
            a5 = L.MultiplyAdd(v, w2, a5);
            if (sizeof(TColumns) > 6)
                a6 = L.MultiplyAdd(v, w0, a6);
        }

        p += step;
        if (sizeof(TColumns) > 6 && Reads<TSource>(tile, x + 13))
        {
            V v = Load<TSource>(tile, p);
            a6 = L.MultiplyAdd(v, w1, a6);
        }

        p += step;
        if (sizeof(TColumns) > 6 && Reads<TSource>(tile, x + 14))
        {
            V v = Load<TSource>(tile, p);
            a6 = L.MultiplyAdd(v, w2, a6);
            if (sizeof(TColumns) > 7)
                a7 = L.MultiplyAdd(v, w0, a7);
        }

        p += step;
        if (sizeof(TColumns) > 7 && Reads<TSource>(tile, x + 15))
        {
            V v = Load<TSource>(tile, p);
            a7 = L.MultiplyAdd(v, w1, a7);
        }

        p += step;
        if (sizeof(TColumns) > 7 && Reads<TSource>(tile, x + 16))
        {
            V v = Load<TSource>(tile, p);
            a7 = L.MultiplyAdd(v, w2, a7);
        }
    }

    /// <summary>
    /// Five taps, half a column of outputs apart: position 2·i serves outputs i − 2, i − 1 and i, position 2·i
    /// + 1 serves outputs i − 1 and i.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FiveByTwo<TColumns, TSource>(DepthwiseTile* tile, float* p, nint x, float* w, ref V a0, ref V a1, ref V a2, ref V a3,
        ref V a4, ref V a5, ref V a6, ref V a7)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
    {
        nint step = tile->PixelStep;
        V w0 = L.Load(w);
        V w1 = L.Load(w + L.Count);
        V w2 = L.Load(w + (2 * L.Count));
        V w3 = L.Load(w + (3 * L.Count));
        V w4 = L.Load(w + (4 * L.Count));
        if (Reads<TSource>(tile, x))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w0, a0);
        }

        p += step;
        if (Reads<TSource>(tile, x + 1))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w1, a0);
        }

        p += step;
        if (Reads<TSource>(tile, x + 2))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w2, a0);
            if (sizeof(TColumns) > 1)
                a1 = L.MultiplyAdd(v, w0, a1);
        }

        p += step;
        if (Reads<TSource>(tile, x + 3))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w3, a0);
            if (sizeof(TColumns) > 1)
                a1 = L.MultiplyAdd(v, w1, a1);
        }

        p += step;
        if (Reads<TSource>(tile, x + 4))
        {
            V v = Load<TSource>(tile, p);
            a0 = L.MultiplyAdd(v, w4, a0);
            if (sizeof(TColumns) > 1)
                a1 = L.MultiplyAdd(v, w2, a1);
            if (sizeof(TColumns) > 2)
                a2 = L.MultiplyAdd(v, w0, a2);
        }

        p += step;
        if (sizeof(TColumns) > 1 && Reads<TSource>(tile, x + 5))
        {
            V v = Load<TSource>(tile, p);
            a1 = L.MultiplyAdd(v, w3, a1);
            if (sizeof(TColumns) > 2)
                a2 = L.MultiplyAdd(v, w1, a2);
        }

        p += step;
        if (sizeof(TColumns) > 1 && Reads<TSource>(tile, x + 6))
        {
            V v = Load<TSource>(tile, p);
            a1 = L.MultiplyAdd(v, w4, a1);
            if (sizeof(TColumns) > 2)
                a2 = L.MultiplyAdd(v, w2, a2);
            if (sizeof(TColumns) > 3)
                a3 = L.MultiplyAdd(v, w0, a3);
        }

        p += step;
        if (sizeof(TColumns) > 2 && Reads<TSource>(tile, x + 7))
        {
            V v = Load<TSource>(tile, p);
            a2 = L.MultiplyAdd(v, w3, a2);
            if (sizeof(TColumns) > 3)
                a3 = L.MultiplyAdd(v, w1, a3);
        }

        p += step;
        if (sizeof(TColumns) > 2 && Reads<TSource>(tile, x + 8))
        {
            V v = Load<TSource>(tile, p);
            a2 = L.MultiplyAdd(v, w4, a2);
            if (sizeof(TColumns) > 3)
                a3 = L.MultiplyAdd(v, w2, a3);
            if (sizeof(TColumns) > 4)
                a4 = L.MultiplyAdd(v, w0, a4);
        }

        p += step;
        if (sizeof(TColumns) > 3 && Reads<TSource>(tile, x + 9))
        {
            V v = Load<TSource>(tile, p);
            a3 = L.MultiplyAdd(v, w3, a3);
            if (sizeof(TColumns) > 4)
                a4 = L.MultiplyAdd(v, w1, a4);
        }

        p += step;
        if (sizeof(TColumns) > 3 && Reads<TSource>(tile, x + 10))
        {
            V v = Load<TSource>(tile, p);
            a3 = L.MultiplyAdd(v, w4, a3);
            if (sizeof(TColumns) > 4)
                a4 = L.MultiplyAdd(v, w2, a4);
            if (sizeof(TColumns) > 5)
                a5 = L.MultiplyAdd(v, w0, a5);
        }

        p += step;
        if (sizeof(TColumns) > 4 && Reads<TSource>(tile, x + 11))
        {
            V v = Load<TSource>(tile, p);
            a4 = L.MultiplyAdd(v, w3, a4);
            if (sizeof(TColumns) > 5)
                a5 = L.MultiplyAdd(v, w1, a5);
        }

        p += step;
        if (sizeof(TColumns) > 4 && Reads<TSource>(tile, x + 12))
        {
            V v = Load<TSource>(tile, p);
            a4 = L.MultiplyAdd(v, w4, a4);
            if (sizeof(TColumns) > 5)
                a5 = L.MultiplyAdd(v, w2, a5);
            if (sizeof(TColumns) > 6)
                a6 = L.MultiplyAdd(v, w0, a6);
        }

        p += step;
        if (sizeof(TColumns) > 5 && Reads<TSource>(tile, x + 13))
        {
            V v = Load<TSource>(tile, p);
            a5 = L.MultiplyAdd(v, w3, a5);
            if (sizeof(TColumns) > 6)
                a6 = L.MultiplyAdd(v, w1, a6);
        }

        p += step;
        if (sizeof(TColumns) > 5 && Reads<TSource>(tile, x + 14))
        {
            V v = Load<TSource>(tile, p);
            a5 = L.MultiplyAdd(v, w4, a5);
            if (sizeof(TColumns) > 6)
                a6 = L.MultiplyAdd(v, w2, a6);
            if (sizeof(TColumns) > 7)
                a7 = L.MultiplyAdd(v, w0, a7);
        }

        p += step;
        if (sizeof(TColumns) > 6 && Reads<TSource>(tile, x + 15))
        {
            V v = Load<TSource>(tile, p);
            a6 = L.MultiplyAdd(v, w3, a6);
            if (sizeof(TColumns) > 7)
                a7 = L.MultiplyAdd(v, w1, a7);
        }

        p += step;
        if (sizeof(TColumns) > 6 && Reads<TSource>(tile, x + 16))
        {
            V v = Load<TSource>(tile, p);
            a6 = L.MultiplyAdd(v, w4, a6);
            if (sizeof(TColumns) > 7)
                a7 = L.MultiplyAdd(v, w2, a7);
        }

        p += step;
        if (sizeof(TColumns) > 7 && Reads<TSource>(tile, x + 17))
        {
            V v = Load<TSource>(tile, p);
            a7 = L.MultiplyAdd(v, w3, a7);
        }

        p += step;
        if (sizeof(TColumns) > 7 && Reads<TSource>(tile, x + 18))
        {
            V v = Load<TSource>(tile, p);
            a7 = L.MultiplyAdd(v, w4, a7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Reads<TSource>(DepthwiseTile* tile, nint x)
        where TSource : struct, IDepthwiseSource => typeof(TSource) == typeof(InnerSource) || (nuint)x < (nuint)tile->SourceColumns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<TSource>(DepthwiseTile* tile, float* p)
        where TSource : struct, IDepthwiseSource => typeof(TSource) != typeof(PartSource) ? L.Load(p) : L.LoadPartial(p, tile->Channels);
}
