using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Depthwise tile of 1 to 8 output columns × 1 vector of channels of NHWC memory. Source rows come from a table (null is a row of padding),
/// the filter is packed one vector a tap. Up to 8 accumulators, 5 taps and 1 source vector: 14 registers; each source vector is loaded once
/// a run and multiplied by all the taps that read it, so loads are about half the multiply-adds. Terms on padding are left out. Channels
/// that do not fill a vector are read and stored in part. The scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class DepthwiseTileLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    private const int LineFloats = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TColumns, TSource, TEpilogue>(DepthwiseTile* tile)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
        where TEpilogue : struct, IUnaryOperation
    {
        DepthwiseRun* end = tile->Runs + tile->RunCount;
        for (nint i = 0; i < tile->AheadCount; i += LineFloats)
            L.Prefetch(tile->Ahead + i);
        for (nint row = 0; row < tile->Rows; row++)
        {
            float** source = tile->SourceRows + (row * tile->SourceRowStep);
            for (nint panel = 0; panel < tile->Panels; panel++)
            {
                V bias = L.Load(tile->Bias + (panel * L.Count));
                float* weights = tile->Weights + (panel * tile->PanelStep);
                nint offset = tile->SourceOffset + (panel * L.Count);
                nint column = tile->SourceColumn;
                float* to = tile->Destination + (row * tile->DestinationRowStep) + (panel * L.Count);
                for (nint left = tile->Tiles; left > 0; left--)
                {
                    V a0 = bias, a1 = bias, a2 = bias, a3 = bias, a4 = bias, a5 = bias, a6 = bias, a7 = bias;
                    if (tile->Residual is not null)
                        Start<TColumns, TSource>(tile, tile->Residual + (to - tile->Destination), bias, ref a0, ref a1, ref a2, ref a3,
                            ref a4, ref a5, ref a6, ref a7);
                    float* w = weights;
                    for (DepthwiseRun* run = tile->Runs; run < end; run++)
                    {
                        float* p = source[run->Row];
                        if (p is not null)
                        {
                            p += run->Offset + offset;
                            nint x = run->Column + column;
                            if (run->Kind == DepthwiseRunKind.Three)
                                DepthwiseTaps<L, V, I>.Three<TColumns, TSource>(tile, p, x, w, ref a0, ref a1, ref a2, ref a3, ref a4,
                                    ref a5, ref a6, ref a7);
                            else if (run->Kind == DepthwiseRunKind.ThreeByTwo)
                                DepthwiseTaps<L, V, I>.ThreeByTwo<TColumns, TSource>(tile, p, x, w, ref a0, ref a1, ref a2, ref a3, ref a4,
                                    ref a5, ref a6, ref a7);
                            else if (run->Kind == DepthwiseRunKind.Two)
                                DepthwiseTaps<L, V, I>.Two<TColumns, TSource>(tile, p, x, w, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5,
                                    ref a6, ref a7);
                            else if (run->Kind == DepthwiseRunKind.FiveByTwo)
                                DepthwiseTaps<L, V, I>.FiveByTwo<TColumns, TSource>(tile, p, x, w, ref a0, ref a1, ref a2, ref a3, ref a4,
                                    ref a5, ref a6, ref a7);
                            else
                                DepthwiseTaps<L, V, I>.One<TColumns, TSource>(tile, p, x, w, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5,
                                    ref a6, ref a7);
                        }

                        w += run->Taps * L.Count;
                    }

                    Finish<TColumns, TSource, TEpilogue>(tile, to, a0, a1, a2, a3, a4, a5, a6, a7);
                    offset += sizeof(TColumns) * tile->ColumnStep;
                    column += sizeof(TColumns) * tile->Stride;
                    to += sizeof(TColumns) * tile->DestinationColumnStep;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Start<TColumns, TSource>(DepthwiseTile* tile, float* residual, V bias, ref V a0, ref V a1, ref V a2, ref V a3,
        ref V a4, ref V a5, ref V a6, ref V a7)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
    {
        nint step = tile->DestinationColumnStep;
        a0 = L.Add(bias, Load<TSource>(residual, tile->Channels));
        if (sizeof(TColumns) > 1)
            a1 = L.Add(bias, Load<TSource>(residual + step, tile->Channels));
        if (sizeof(TColumns) > 2)
            a2 = L.Add(bias, Load<TSource>(residual + (2 * step), tile->Channels));
        if (sizeof(TColumns) > 3)
            a3 = L.Add(bias, Load<TSource>(residual + (3 * step), tile->Channels));
        if (sizeof(TColumns) > 4)
            a4 = L.Add(bias, Load<TSource>(residual + (4 * step), tile->Channels));
        if (sizeof(TColumns) > 5)
            a5 = L.Add(bias, Load<TSource>(residual + (5 * step), tile->Channels));
        if (sizeof(TColumns) > 6)
            a6 = L.Add(bias, Load<TSource>(residual + (6 * step), tile->Channels));
        if (sizeof(TColumns) > 7)
            a7 = L.Add(bias, Load<TSource>(residual + (7 * step), tile->Channels));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TColumns, TSource, TEpilogue>(DepthwiseTile* tile, float* to, V a0, V a1, V a2, V a3, V a4, V a5, V a6, V a7)
        where TColumns : unmanaged, ITileSize
        where TSource : struct, IDepthwiseSource
        where TEpilogue : struct, IUnaryOperation
    {
        nint step = tile->DestinationColumnStep;
        nint channels = tile->Channels;
        if (typeof(TSource) != typeof(PartSource) && tile->Streams)
        {
            L.StoreStreaming(to, TEpilogue.Invoke<L, V, I>(a0));
            if (sizeof(TColumns) > 1)
                L.StoreStreaming(to + step, TEpilogue.Invoke<L, V, I>(a1));
            if (sizeof(TColumns) > 2)
                L.StoreStreaming(to + (2 * step), TEpilogue.Invoke<L, V, I>(a2));
            if (sizeof(TColumns) > 3)
                L.StoreStreaming(to + (3 * step), TEpilogue.Invoke<L, V, I>(a3));
            if (sizeof(TColumns) > 4)
                L.StoreStreaming(to + (4 * step), TEpilogue.Invoke<L, V, I>(a4));
            if (sizeof(TColumns) > 5)
                L.StoreStreaming(to + (5 * step), TEpilogue.Invoke<L, V, I>(a5));
            if (sizeof(TColumns) > 6)
                L.StoreStreaming(to + (6 * step), TEpilogue.Invoke<L, V, I>(a6));
            if (sizeof(TColumns) > 7)
                L.StoreStreaming(to + (7 * step), TEpilogue.Invoke<L, V, I>(a7));
        }
        else
        {
            Store<TSource>(to, TEpilogue.Invoke<L, V, I>(a0), channels);
            if (sizeof(TColumns) > 1)
                Store<TSource>(to + step, TEpilogue.Invoke<L, V, I>(a1), channels);
            if (sizeof(TColumns) > 2)
                Store<TSource>(to + (2 * step), TEpilogue.Invoke<L, V, I>(a2), channels);
            if (sizeof(TColumns) > 3)
                Store<TSource>(to + (3 * step), TEpilogue.Invoke<L, V, I>(a3), channels);
            if (sizeof(TColumns) > 4)
                Store<TSource>(to + (4 * step), TEpilogue.Invoke<L, V, I>(a4), channels);
            if (sizeof(TColumns) > 5)
                Store<TSource>(to + (5 * step), TEpilogue.Invoke<L, V, I>(a5), channels);
            if (sizeof(TColumns) > 6)
                Store<TSource>(to + (6 * step), TEpilogue.Invoke<L, V, I>(a6), channels);
            if (sizeof(TColumns) > 7)
                Store<TSource>(to + (7 * step), TEpilogue.Invoke<L, V, I>(a7), channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<TSource>(float* from, nint channels)
        where TSource : struct, IDepthwiseSource => typeof(TSource) != typeof(PartSource) ? L.Load(from) : L.LoadPartial(from, channels);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSource>(float* to, V value, nint channels)
        where TSource : struct, IDepthwiseSource
    {
        if (typeof(TSource) != typeof(PartSource))
            L.Store(to, value);
        else
            L.StorePartial(to, value, channels);
    }
}
