using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>Transposes stretches of pixels between NHWC and planes, four pixels by four channels at a time.</summary>
internal static unsafe class PlanarCopy
{
    /// <summary>Clears some pixels in each plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Clear(float* to, nint pixels, nint channels, nint plane)
    {
        for (; channels > 0; channels--, to += plane)
        {
            for (nint p = 0; p < pixels; p++)
                to[p] = 0;
        }
    }

    /// <summary>[pixels, channels] to planes.</summary>
    /// <param name="from">The first pixel; pixels lie <paramref name="step"/> floats apart.</param>
    /// <param name="step">Floats between two pixels.</param>
    /// <param name="pixels">Pixels.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="to">The first pixel in the first plane.</param>
    /// <param name="plane">Floats between two planes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPlanes(float* from, nint step, nint pixels, nint channels, float* to, nint plane)
    {
        if (channels == 1 && step == 1)
        {
            NativeMemory.Copy(from, to, (nuint)pixels * sizeof(float));
            return;
        }

        nint c = 0;
        for (; c + 4 <= channels; c += 4, from += 4, to += 4 * plane)
        {
            nint p = 0;
            float* at = from;
            for (; p + 4 <= pixels; p += 4, at += 4 * step)
            {
                Vector128<float> x0 = Vector128.Load(at), x1 = Vector128.Load(at + step), x2 = Vector128.Load(at + (2 * step)), x3 = Vector128.Load(at + (3 * step));
                Transpose(ref x0, ref x1, ref x2, ref x3);
                x0.Store(to + p);
                x1.Store(to + plane + p);
                x2.Store(to + (2 * plane) + p);
                x3.Store(to + (3 * plane) + p);
            }

            for (; p < pixels; p++, at += step)
            {
                to[p] = at[0];
                to[plane + p] = at[1];
                to[(2 * plane) + p] = at[2];
                to[(3 * plane) + p] = at[3];
            }
        }

        for (; c < channels; c++, from++, to += plane)
        {
            for (nint p = 0; p < pixels; p++)
                to[p] = from[p * step];
        }
    }

    /// <summary>Planes to [pixels, channels]; the parameters as in <see cref="ToPlanes"/>, from and to exchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromPlanes(float* from, nint plane, nint pixels, nint channels, float* to, nint step)
    {
        if (channels == 1 && step == 1)
        {
            NativeMemory.Copy(from, to, (nuint)pixels * sizeof(float));
            return;
        }

        nint c = 0;
        for (; c + 4 <= channels; c += 4, from += 4 * plane, to += 4)
        {
            nint p = 0;
            float* at = to;
            for (; p + 4 <= pixels; p += 4, at += 4 * step)
            {
                Vector128<float> x0 = Vector128.Load(from + p), x1 = Vector128.Load(from + plane + p), x2 = Vector128.Load(from + (2 * plane) + p), x3 = Vector128.Load(from + (3 * plane) + p);
                Transpose(ref x0, ref x1, ref x2, ref x3);
                x0.Store(at);
                x1.Store(at + step);
                x2.Store(at + (2 * step));
                x3.Store(at + (3 * step));
            }

            for (; p < pixels; p++, at += step)
            {
                at[0] = from[p];
                at[1] = from[plane + p];
                at[2] = from[(2 * plane) + p];
                at[3] = from[(3 * plane) + p];
            }
        }

        for (; c + 2 <= channels; c += 2, from += 2 * plane, to += 2)
        {
            nint p = 0;
            float* at = to;
            for (; p + 4 <= pixels; p += 4, at += 4 * step)
            {
                Vector128<float> x0 = Vector128.Load(from + p), x1 = Vector128.Load(from + plane + p);
                Vector128<double> low = UnpackLow(x0, x1).AsDouble(), high = UnpackHigh(x0, x1).AsDouble();
                *(double*)at = low.ToScalar();
                *(double*)(at + step) = low.GetElement(1);
                *(double*)(at + (2 * step)) = high.ToScalar();
                *(double*)(at + (3 * step)) = high.GetElement(1);
            }

            for (; p < pixels; p++, at += step)
            {
                at[0] = from[p];
                at[1] = from[plane + p];
            }
        }

        if (c < channels)
        {
            for (nint p = 0; p < pixels; p++)
                to[p * step] = from[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector128<float> x0, ref Vector128<float> x1, ref Vector128<float> x2, ref Vector128<float> x3)
    {
        Vector128<float> t0 = UnpackLow(x0, x2), t1 = UnpackLow(x1, x3), t2 = UnpackHigh(x0, x2), t3 = UnpackHigh(x1, x3);
        x0 = UnpackLow(t0, t1);
        x1 = UnpackHigh(t0, t1);
        x2 = UnpackLow(t2, t3);
        x3 = UnpackHigh(t2, t3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> UnpackLow(Vector128<float> a, Vector128<float> b) => System.Runtime.Intrinsics.X86.Sse.IsSupported
        ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> UnpackHigh(Vector128<float> a, Vector128<float> b) => System.Runtime.Intrinsics.X86.Sse.IsSupported
        ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
