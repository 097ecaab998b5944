using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CnnFast.Kernels;

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
            Copy(from, to, pixels);
            return;
        }

        nint c = 0;
        for (; c + 4 <= channels; c += 4, from += 4, to += 4 * plane)
        {
            nint p = 0;
            float* at = from;
            for (; p + 4 <= pixels; p += 4, at += 4 * step)
            {
                Vector128<float> x0 = Vector128.Load(at), x1 = Vector128.Load(at + step), x2 = Vector128.Load(at + (2 * step)),
                    x3 = Vector128.Load(at + (3 * step));
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
            Copy(from, to, pixels);
            return;
        }

        nint c = 0;
        for (; c + 4 <= channels; c += 4, from += 4 * plane, to += 4)
        {
            nint p = 0;
            float* at = to;
            for (; p + 4 <= pixels; p += 4, at += 4 * step)
            {
                Vector128<float> x0 = Vector128.Load(from + p), x1 = Vector128.Load(from + plane + p),
                    x2 = Vector128.Load(from + (2 * plane) + p), x3 = Vector128.Load(from + (3 * plane) + p);
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

    /// <summary>
    /// Six planes to pixels without gaps, as <see cref="FromPlanes"/>: channels are interleaved to pairs, a vector of eight pixels, and
    /// pairs to pixels, three vectors. With AVX-512 only.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixFromPlanes(float* from, nint plane, nint pixels, float* to)
    {
        Vector512<int> pair = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<long> firstOfTwo = Vector512.Create(0L, 8, 0, 1, 9, 0, 2, 10), firstOfThree = Vector512.Create(0L, 1, 8, 3, 4, 9, 6, 7);
        Vector512<long> secondOfTwo = Vector512.Create(0L, 3, 11, 0, 4, 12, 0, 5),
            secondOfThree = Vector512.Create(10L, 1, 2, 11, 4, 5, 12, 7);
        Vector512<long> thirdOfTwo = Vector512.Create(13L, 0, 6, 14, 0, 7, 15, 0),
            thirdOfThree = Vector512.Create(0L, 13, 2, 3, 14, 5, 6, 15);
        nint p = 0;
        for (; p <= pixels - 8; p += 8, to += 48)
        {
            float* at = from + p;
            Vector512<double> x = Avx512F.PermuteVar16x32x2(Eight(at), pair, Eight(at + plane)).AsDouble();
            Vector512<double> y = Avx512F.PermuteVar16x32x2(Eight(at + (2 * plane)), pair, Eight(at + (3 * plane))).AsDouble();
            Vector512<double> z = Avx512F.PermuteVar16x32x2(Eight(at + (4 * plane)), pair, Eight(at + (5 * plane))).AsDouble();
            Avx512F.PermuteVar8x64x2(Avx512F.PermuteVar8x64x2(x, firstOfTwo, y), firstOfThree, z).AsSingle().Store(to);
            Avx512F.PermuteVar8x64x2(Avx512F.PermuteVar8x64x2(x, secondOfTwo, y), secondOfThree, z).AsSingle().Store(to + 16);
            Avx512F.PermuteVar8x64x2(Avx512F.PermuteVar8x64x2(x, thirdOfTwo, y), thirdOfThree, z).AsSingle().Store(to + 32);
        }

        nint rest = pixels - p;
        if (rest > 0)
        {
            from += p;
            Vector512<double> x = Avx512F.PermuteVar16x32x2(Some(from, rest), pair, Some(from + plane, rest)).AsDouble();
            Vector512<double> y = Avx512F.PermuteVar16x32x2(Some(from + (2 * plane), rest), pair, Some(from + (3 * plane), rest))
                .AsDouble();
            Vector512<double> z = Avx512F.PermuteVar16x32x2(Some(from + (4 * plane), rest), pair, Some(from + (5 * plane), rest))
                .AsDouble();
            nint floats = 6 * rest;
            Columns.Store<Avx512Lanes, Vector512<float>, Vector512<int>>(to, 0,
                Avx512F.PermuteVar8x64x2(Avx512F.PermuteVar8x64x2(x, firstOfTwo, y), firstOfThree, z).AsSingle(), floats);
            Columns.Store<Avx512Lanes, Vector512<float>, Vector512<int>>(to, 1,
                Avx512F.PermuteVar8x64x2(Avx512F.PermuteVar8x64x2(x, secondOfTwo, y), secondOfThree, z).AsSingle(), floats);
            Columns.Store<Avx512Lanes, Vector512<float>, Vector512<int>>(to, 2,
                Avx512F.PermuteVar8x64x2(Avx512F.PermuteVar8x64x2(x, thirdOfTwo, y), thirdOfThree, z).AsSingle(), floats);
        }
    }

    // Rows are short: a loop costs less than a call.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, nint count)
    {
        nint i = 0;
        for (; i <= count - 8; i += 8)
            Vector256.Load(from + i).Store(to + i);
        for (; i < count; i++)
            to[i] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Eight(float* from) => Vector256.Load(from).ToVector512Unsafe();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Some(float* from, nint count) => Avx512Lanes.LoadPartial(from, count);

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
