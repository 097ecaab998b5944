using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Depthwise tile of 4 to 8 output columns × 1 vector of channels of NHWC memory. Source rows come from a table (rows of padding are a row of zeros), the filter is
/// packed one vector a tap. Up to 8 accumulators, 3 taps and 1 pixel: 12 registers; each pixel is loaded once a filter row and multiplied by all the taps of its run,
/// so loads are about half the multiply-adds. Channels that do not fill a vector are read whole (the source is padded) and stored in part.
/// The scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class DepthwiseTileLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TColumns, TEpilogue>(DepthwiseTile* tile)
        where TColumns : struct, ITileSize
        where TEpilogue : struct, IUnaryOperation
    {
        nint step = tile->ColumnStep;
        nint pixel = tile->PixelStep;
        nint toStep = tile->DestinationColumnStep;
        DepthwiseRun* end = tile->Runs + tile->RunCount;
        V bias = L.Load(tile->Bias);
        for (nint row = 0; row < tile->Rows; row++)
        {
            float** source = tile->SourceRows + (row * tile->SourceRowStep);
            nint offset = tile->SourceOffset;
            float* to = tile->Destination + (row * tile->DestinationRowStep);
            for (nint left = tile->Tiles; left > 0; left--)
            {
                V a0 = bias, a1 = bias, a2 = bias, a3 = bias, a4 = bias, a5 = bias, a6 = bias, a7 = bias;
                if (tile->Residual is not null)
                {
                    float* residual = tile->Residual + (to - tile->Destination);
                    a0 = Start(residual, bias, tile->Channels);
                    a1 = Start(residual + toStep, bias, tile->Channels);
                    a2 = Start(residual + (2 * toStep), bias, tile->Channels);
                    a3 = Start(residual + (3 * toStep), bias, tile->Channels);
                    if (TColumns.Value > 4)
                        a4 = Start(residual + (4 * toStep), bias, tile->Channels);
                    if (TColumns.Value > 5)
                        a5 = Start(residual + (5 * toStep), bias, tile->Channels);
                    if (TColumns.Value > 6)
                        a6 = Start(residual + (6 * toStep), bias, tile->Channels);
                    if (TColumns.Value > 7)
                        a7 = Start(residual + (7 * toStep), bias, tile->Channels);
                }

                float* w = tile->Weights;
                for (DepthwiseRun* run = tile->Runs; run < end; run++)
                {
                    float* p = source[run->Row] + run->Offset + offset;
                    if (run->Kind == DepthwiseRunKind.Three)
                    {
                        V w0 = L.Load(w);
                        V w1 = L.Load(w + L.Count);
                        V w2 = L.Load(w + (2 * L.Count));
                        V x = L.Load(p);
                        a0 = L.MultiplyAdd(x, w0, a0);
                        p += step;
                        x = L.Load(p);
                        a0 = L.MultiplyAdd(x, w1, a0);
                        a1 = L.MultiplyAdd(x, w0, a1);
                        p += step;
                        x = L.Load(p);
                        a0 = L.MultiplyAdd(x, w2, a0);
                        a1 = L.MultiplyAdd(x, w1, a1);
                        a2 = L.MultiplyAdd(x, w0, a2);
                        p += step;
                        x = L.Load(p);
                        a1 = L.MultiplyAdd(x, w2, a1);
                        a2 = L.MultiplyAdd(x, w1, a2);
                        a3 = L.MultiplyAdd(x, w0, a3);
                        p += step;
                        x = L.Load(p);
                        a2 = L.MultiplyAdd(x, w2, a2);
                        a3 = L.MultiplyAdd(x, w1, a3);
                        if (TColumns.Value > 4)
                            a4 = L.MultiplyAdd(x, w0, a4);
                        p += step;
                        x = L.Load(p);
                        a3 = L.MultiplyAdd(x, w2, a3);
                        if (TColumns.Value > 4)
                            a4 = L.MultiplyAdd(x, w1, a4);
                        if (TColumns.Value > 5)
                            a5 = L.MultiplyAdd(x, w0, a5);
                        if (TColumns.Value > 4)
                        {
                            p += step;
                            x = L.Load(p);
                            a4 = L.MultiplyAdd(x, w2, a4);
                            if (TColumns.Value > 5)
                                a5 = L.MultiplyAdd(x, w1, a5);
                            if (TColumns.Value > 6)
                                a6 = L.MultiplyAdd(x, w0, a6);
                        }

                        if (TColumns.Value > 5)
                        {
                            p += step;
                            x = L.Load(p);
                            a5 = L.MultiplyAdd(x, w2, a5);
                            if (TColumns.Value > 6)
                                a6 = L.MultiplyAdd(x, w1, a6);
                            if (TColumns.Value > 7)
                                a7 = L.MultiplyAdd(x, w0, a7);
                        }

                        if (TColumns.Value > 6)
                        {
                            p += step;
                            x = L.Load(p);
                            a6 = L.MultiplyAdd(x, w2, a6);
                            if (TColumns.Value > 7)
                                a7 = L.MultiplyAdd(x, w1, a7);
                        }

                        if (TColumns.Value > 7)
                        {
                            p += step;
                            x = L.Load(p);
                            a7 = L.MultiplyAdd(x, w2, a7);
                        }

                        w += 3 * L.Count;
                    }
                    else if (run->Kind == DepthwiseRunKind.ThreeByTwo)
                    {
                        V w0 = L.Load(w);
                        V w1 = L.Load(w + L.Count);
                        V w2 = L.Load(w + (2 * L.Count));
                        V x = L.Load(p);
                        a0 = L.MultiplyAdd(x, w0, a0);
                        x = L.Load(p + pixel);
                        a0 = L.MultiplyAdd(x, w1, a0);
                        p += step;
                        x = L.Load(p);
                        a0 = L.MultiplyAdd(x, w2, a0);
                        a1 = L.MultiplyAdd(x, w0, a1);
                        x = L.Load(p + pixel);
                        a1 = L.MultiplyAdd(x, w1, a1);
                        p += step;
                        x = L.Load(p);
                        a1 = L.MultiplyAdd(x, w2, a1);
                        a2 = L.MultiplyAdd(x, w0, a2);
                        x = L.Load(p + pixel);
                        a2 = L.MultiplyAdd(x, w1, a2);
                        p += step;
                        x = L.Load(p);
                        a2 = L.MultiplyAdd(x, w2, a2);
                        a3 = L.MultiplyAdd(x, w0, a3);
                        x = L.Load(p + pixel);
                        a3 = L.MultiplyAdd(x, w1, a3);
                        p += step;
                        x = L.Load(p);
                        a3 = L.MultiplyAdd(x, w2, a3);
                        if (TColumns.Value > 4)
                            a4 = L.MultiplyAdd(x, w0, a4);
                        if (TColumns.Value > 4)
                        {
                            x = L.Load(p + pixel);
                            a4 = L.MultiplyAdd(x, w1, a4);
                            p += step;
                            x = L.Load(p);
                            a4 = L.MultiplyAdd(x, w2, a4);
                            if (TColumns.Value > 5)
                                a5 = L.MultiplyAdd(x, w0, a5);
                        }

                        if (TColumns.Value > 5)
                        {
                            x = L.Load(p + pixel);
                            a5 = L.MultiplyAdd(x, w1, a5);
                            p += step;
                            x = L.Load(p);
                            a5 = L.MultiplyAdd(x, w2, a5);
                            if (TColumns.Value > 6)
                                a6 = L.MultiplyAdd(x, w0, a6);
                        }

                        if (TColumns.Value > 6)
                        {
                            x = L.Load(p + pixel);
                            a6 = L.MultiplyAdd(x, w1, a6);
                            p += step;
                            x = L.Load(p);
                            a6 = L.MultiplyAdd(x, w2, a6);
                            if (TColumns.Value > 7)
                                a7 = L.MultiplyAdd(x, w0, a7);
                        }

                        if (TColumns.Value > 7)
                        {
                            x = L.Load(p + pixel);
                            a7 = L.MultiplyAdd(x, w1, a7);
                            p += step;
                            x = L.Load(p);
                            a7 = L.MultiplyAdd(x, w2, a7);
                        }

                        w += 3 * L.Count;
                    }
                    else if (run->Kind == DepthwiseRunKind.Two)
                    {
                        V w0 = L.Load(w);
                        V w1 = L.Load(w + L.Count);
                        V x = L.Load(p);
                        a0 = L.MultiplyAdd(x, w0, a0);
                        p += step;
                        x = L.Load(p);
                        a0 = L.MultiplyAdd(x, w1, a0);
                        a1 = L.MultiplyAdd(x, w0, a1);
                        p += step;
                        x = L.Load(p);
                        a1 = L.MultiplyAdd(x, w1, a1);
                        a2 = L.MultiplyAdd(x, w0, a2);
                        p += step;
                        x = L.Load(p);
                        a2 = L.MultiplyAdd(x, w1, a2);
                        a3 = L.MultiplyAdd(x, w0, a3);
                        p += step;
                        x = L.Load(p);
                        a3 = L.MultiplyAdd(x, w1, a3);
                        if (TColumns.Value > 4)
                            a4 = L.MultiplyAdd(x, w0, a4);
                        if (TColumns.Value > 4)
                        {
                            p += step;
                            x = L.Load(p);
                            a4 = L.MultiplyAdd(x, w1, a4);
                            if (TColumns.Value > 5)
                                a5 = L.MultiplyAdd(x, w0, a5);
                        }

                        if (TColumns.Value > 5)
                        {
                            p += step;
                            x = L.Load(p);
                            a5 = L.MultiplyAdd(x, w1, a5);
                            if (TColumns.Value > 6)
                                a6 = L.MultiplyAdd(x, w0, a6);
                        }

                        if (TColumns.Value > 6)
                        {
                            p += step;
                            x = L.Load(p);
                            a6 = L.MultiplyAdd(x, w1, a6);
                            if (TColumns.Value > 7)
                                a7 = L.MultiplyAdd(x, w0, a7);
                        }

                        if (TColumns.Value > 7)
                        {
                            p += step;
                            x = L.Load(p);
                            a7 = L.MultiplyAdd(x, w1, a7);
                        }

                        w += 2 * L.Count;
                    }
                    else
                    {
                        V w0 = L.Load(w);
                        a0 = L.MultiplyAdd(L.Load(p), w0, a0);
                        p += step;
                        a1 = L.MultiplyAdd(L.Load(p), w0, a1);
                        p += step;
                        a2 = L.MultiplyAdd(L.Load(p), w0, a2);
                        p += step;
                        a3 = L.MultiplyAdd(L.Load(p), w0, a3);
                        if (TColumns.Value > 4)
                        {
                            p += step;
                            a4 = L.MultiplyAdd(L.Load(p), w0, a4);
                        }

                        if (TColumns.Value > 5)
                        {
                            p += step;
                            a5 = L.MultiplyAdd(L.Load(p), w0, a5);
                        }

                        if (TColumns.Value > 6)
                        {
                            p += step;
                            a6 = L.MultiplyAdd(L.Load(p), w0, a6);
                        }

                        if (TColumns.Value > 7)
                        {
                            p += step;
                            a7 = L.MultiplyAdd(L.Load(p), w0, a7);
                        }

                        w += L.Count;
                    }
                }

                Finish<TEpilogue>(to, a0, tile);
                Finish<TEpilogue>(to + toStep, a1, tile);
                Finish<TEpilogue>(to + (2 * toStep), a2, tile);
                Finish<TEpilogue>(to + (3 * toStep), a3, tile);
                if (TColumns.Value > 4)
                    Finish<TEpilogue>(to + (4 * toStep), a4, tile);
                if (TColumns.Value > 5)
                    Finish<TEpilogue>(to + (5 * toStep), a5, tile);
                if (TColumns.Value > 6)
                    Finish<TEpilogue>(to + (6 * toStep), a6, tile);
                if (TColumns.Value > 7)
                    Finish<TEpilogue>(to + (7 * toStep), a7, tile);
                offset += TColumns.Value * step;
                to += TColumns.Value * toStep;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(float* residual, V bias, nint channels) =>
        L.Add(bias, channels < L.Count ? L.LoadPartial(residual, channels) : L.Load(residual));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TEpilogue>(float* to, V value, DepthwiseTile* tile)
        where TEpilogue : struct, IUnaryOperation
    {
        if (tile->Channels < L.Count)
            L.StorePartial(to, TEpilogue.Invoke<L, V, I>(value), tile->Channels);
        else if (tile->Streams)
            L.StoreStreaming(to, TEpilogue.Invoke<L, V, I>(value));
        else
            L.Store(to, TEpilogue.Invoke<L, V, I>(value));
    }
}
