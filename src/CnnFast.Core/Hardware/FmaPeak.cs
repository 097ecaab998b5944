using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace CnnFast;

/// <summary>
/// The multiply-add rate that one core reaches with registers alone: independent chains, as the lanes of the tier <see cref="CpuInfo.Isa"/>
/// do them. Where a tier's kernels use vectors of two widths, both are measured and the faster is the peak. Thread-safe.
/// </summary>
public static class FmaPeak
{
    private const int Chains = 12;
    private const int Steps = 200_000;
    private const int Runs = 20;

    private static readonly Lazy<Form> s_form = new(() => FormsOf(CpuInfo.Isa).MaxBy(form => Rate(form, Steps / 10, Runs))!);
    private static float s_sink;

    /// <summary>The form of the peak, such as <c>512-bit fused</c>: bits of a vector, and whether a multiply-add rounds once.</summary>
    /// <exception cref="InvalidOperationException"><c>CNNFAST_ISA</c> names no tier, or one that is not supported here.</exception>
    public static string Name => s_form.Value.Name;

    /// <summary>Measures for about ten milliseconds.</summary>
    /// <returns>GFLOP/s of one core; a multiply-add of one lane counts as two operations.</returns>
    /// <exception cref="InvalidOperationException"><c>CNNFAST_ISA</c> names no tier, or one that is not supported here.</exception>
    public static double MeasureGflops() => Rate(s_form.Value, Steps, Runs);

    /// <summary>Runs the chains once, to be timed in turns with something else.</summary>
    /// <param name="steps">Multiply-adds of each chain.</param>
    /// <returns>Floating-point operations done.</returns>
    /// <exception cref="InvalidOperationException"><c>CNNFAST_ISA</c> names no tier, or one that is not supported here.</exception>
    public static double Run(int steps) => s_form.Value.Run(steps);

    /// <summary>The forms that kernels of a tier use.</summary>
    internal static IReadOnlyList<Form> FormsOf(IsaLevel tier) => tier switch
    {
        IsaLevel.Avx512 => [Of<Vector512<float>, Fused512>("512-bit fused", 16), .. FormsOf(IsaLevel.Avx2)],
        IsaLevel.Avx2 => [Of<Vector256<float>, Fused256>("256-bit fused", 8)],
        IsaLevel.Neon => [Of<Vector128<float>, Fused128>("128-bit fused", 4)],
        IsaLevel.V128 => [Of<Vector128<float>, Separate128>("128-bit multiply, add", 4)],
        _ => [Of<float, SeparateScalar>("scalar multiply, add", 1)],
    };

    private static Form Of<T, TMath>(string name, int lanes)
        where TMath : struct, IChainMath<T> =>
        new(name, steps =>
        {
            s_sink += Chain<T, TMath>(steps);
            return 2.0 * Chains * lanes * steps;
        });

    private static double Rate(Form form, int steps, int runs)
    {
        double best = 0;
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            double operations = form.Run(steps);
            best = Math.Max(best, operations / Stopwatch.GetElapsedTime(start).TotalSeconds * 1e-9);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chain<T, TMath>(int steps)
        where TMath : struct, IChainMath<T>
    {
        T x = TMath.Of(0.999f), y = TMath.Of(0.001f);
        T a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int s = 0; s < steps; s++)
        {
            a = TMath.MultiplyAdd(a, x, y);
            b = TMath.MultiplyAdd(b, x, y);
            c = TMath.MultiplyAdd(c, x, y);
            d = TMath.MultiplyAdd(d, x, y);
            e = TMath.MultiplyAdd(e, x, y);
            f = TMath.MultiplyAdd(f, x, y);
            g = TMath.MultiplyAdd(g, x, y);
            h = TMath.MultiplyAdd(h, x, y);
            i = TMath.MultiplyAdd(i, x, y);
            j = TMath.MultiplyAdd(j, x, y);
            k = TMath.MultiplyAdd(k, x, y);
            l = TMath.MultiplyAdd(l, x, y);
        }

        return TMath.Sum(a) + TMath.Sum(b) + TMath.Sum(c) + TMath.Sum(d) + TMath.Sum(e) + TMath.Sum(f) + TMath.Sum(g) + TMath.Sum(h) +
            TMath.Sum(i) + TMath.Sum(j) + TMath.Sum(k) + TMath.Sum(l);
    }

    private interface IChainMath<T>
    {
        static abstract T Of(float value);

        static abstract T MultiplyAdd(T a, T x, T y);

        static abstract float Sum(T value);
    }

    /// <summary>One way to do multiply-adds.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Run">Does a number of steps, and returns the operations.</param>
    internal sealed record Form(string Name, Func<int, double> Run);

    private readonly struct Fused512 : IChainMath<Vector512<float>>
    {
        public static Vector512<float> Of(float value) => Vector512.Create(value);

        public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> x, Vector512<float> y) =>
            Vector512.FusedMultiplyAdd(a, x, y);

        public static float Sum(Vector512<float> value) => Vector512.Sum(value);
    }

    private readonly struct Fused256 : IChainMath<Vector256<float>>
    {
        public static Vector256<float> Of(float value) => Vector256.Create(value);

        public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> x, Vector256<float> y) => Fma.MultiplyAdd(a, x, y);

        public static float Sum(Vector256<float> value) => Vector256.Sum(value);
    }

    private readonly struct Fused128 : IChainMath<Vector128<float>>
    {
        public static Vector128<float> Of(float value) => Vector128.Create(value);

        public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> x, Vector128<float> y) =>
            AdvSimd.FusedMultiplyAdd(y, a, x);

        public static float Sum(Vector128<float> value) => Vector128.Sum(value);
    }

    private readonly struct Separate128 : IChainMath<Vector128<float>>
    {
        public static Vector128<float> Of(float value) => Vector128.Create(value);

        public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> x, Vector128<float> y) => (a * x) + y;

        public static float Sum(Vector128<float> value) => Vector128.Sum(value);
    }

    private readonly struct SeparateScalar : IChainMath<float>
    {
        public static float Of(float value) => value;

        public static float MultiplyAdd(float a, float x, float y) => (a * x) + y;

        public static float Sum(float value) => value;
    }
}
