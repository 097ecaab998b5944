using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// One output pixel of a depthwise convolution, four vectors of channels at once so that four chains are in flight: for borders and for images narrower than a tile.
/// Terms come in the order of the taps, as in <see cref="DepthwiseTileLoops{L, V, I}"/>.
/// </summary>
internal static unsafe class DepthwisePixelLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TEpilogue>(DepthwisePixel* pixel)
        where TEpilogue : struct, IUnaryOperation
    {
        nint taps = pixel->TapCount;
        nint panel = pixel->PanelStep;
        float* weights = pixel->Weights;
        nint c = 0;
        for (; c <= pixel->Channels - (4 * L.Count); c += 4 * L.Count, weights += 4 * panel)
        {
            V a0 = Start(pixel, c), a1 = Start(pixel, c + L.Count), a2 = Start(pixel, c + (2 * L.Count)), a3 = Start(pixel, c + (3 * L.Count));
            float* w0 = weights;
            float* w2 = weights + (2 * panel);
            for (nint tap = 0; tap < taps; tap++)
            {
                float* x = pixel->Taps[tap] + c;
                a0 = L.MultiplyAdd(L.Load(x), L.Load(w0), a0);
                a1 = L.MultiplyAdd(L.Load(x + L.Count), L.Load(w0 + panel), a1);
                a2 = L.MultiplyAdd(L.Load(x + (2 * L.Count)), L.Load(w2), a2);
                a3 = L.MultiplyAdd(L.Load(x + (3 * L.Count)), L.Load(w2 + panel), a3);
                w0 += L.Count;
                w2 += L.Count;
            }

            float* to = pixel->Destination + c;
            L.Store(to, TEpilogue.Invoke<L, V, I>(a0));
            L.Store(to + L.Count, TEpilogue.Invoke<L, V, I>(a1));
            L.Store(to + (2 * L.Count), TEpilogue.Invoke<L, V, I>(a2));
            L.Store(to + (3 * L.Count), TEpilogue.Invoke<L, V, I>(a3));
        }

        for (; c < pixel->Channels; c += L.Count, weights += panel)
        {
            V a = Start(pixel, c);
            float* w = weights;
            for (nint tap = 0; tap < taps; tap++, w += L.Count)
                a = L.MultiplyAdd(L.Load(pixel->Taps[tap] + c), L.Load(w), a);
            if (pixel->Channels - c < L.Count)
                L.StorePartial(pixel->Destination + c, TEpilogue.Invoke<L, V, I>(a), pixel->Channels - c);
            else
                L.Store(pixel->Destination + c, TEpilogue.Invoke<L, V, I>(a));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(DepthwisePixel* pixel, nint c)
    {
        V bias = L.Load(pixel->Bias + c);
        if (pixel->Residual is null)
            return bias;
        nint channels = pixel->Channels - c;
        return L.Add(bias, channels < L.Count ? L.LoadPartial(pixel->Residual + c, channels) : L.Load(pixel->Residual + c));
    }
}
