namespace CnnFast.Benchmarks.Peers;

/// <summary>Copies between this library's layouts and those of the peers.</summary>
internal static class Layouts
{
    /// <summary>[N, H, W, C] to [N, C, H, W].</summary>
    public static AlignedBuffer<float> ToNchw(ReadOnlySpan<float> nhwc, int n, int h, int w, int c)
    {
        var buffer = new AlignedBuffer<float>(nhwc.Length);
        Span<float> nchw = buffer.Span;
        int pixels = h * w;
        for (int m = 0; m < n; m++)
        for (int p = 0; p < pixels; p++)
        for (int k = 0; k < c; k++)
            nchw[(((m * c) + k) * pixels) + p] = nhwc[(((m * pixels) + p) * c) + k];
        return buffer;
    }

    /// <summary>[N, C, H, W] to [N, H, W, C].</summary>
    public static void FromNchw(ReadOnlySpan<float> nchw, Span<float> nhwc, int n, int h, int w, int c)
    {
        int pixels = h * w;
        for (int m = 0; m < n; m++)
        for (int k = 0; k < c; k++)
        for (int p = 0; p < pixels; p++)
            nhwc[(((m * pixels) + p) * c) + k] = nchw[(((m * c) + k) * pixels) + p];
    }

    /// <summary>A filter [KH, KW, C/G, OC] to [OC, C/G, KH, KW].</summary>
    public static AlignedBuffer<float> ToOihw(ReadOnlySpan<float> filter, Conv2DGeometry g)
    {
        var buffer = new AlignedBuffer<float>(filter.Length);
        Span<float> oihw = buffer.Span;
        int taps = g.KH * g.KW;
        for (int t = 0; t < taps; t++)
        for (int c = 0; c < g.GroupC; c++)
        for (int k = 0; k < g.OC; k++)
            oihw[(((k * g.GroupC) + c) * taps) + t] = filter[(((t * g.GroupC) + c) * g.OC) + k];
        return buffer;
    }

    /// <summary>A filter [OC, C/G, KH, KW] to [OC, KH, KW, C/G].</summary>
    public static AlignedBuffer<float> ToOhwi(ReadOnlySpan<float> oihw, Conv2DGeometry g)
    {
        var buffer = new AlignedBuffer<float>(oihw.Length);
        FromNchw(oihw, buffer.Span, g.OC, g.KH, g.KW, g.GroupC);
        return buffer;
    }
}
