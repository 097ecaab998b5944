using System.Globalization;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// The exponential and the logarithm against Math.Exp and Math.Log in double, over every 1009th float of their
/// ranges, in units in the last place.
/// </summary>
public sealed unsafe class ExponentialAccuracyTests
{
    private const int Batch = 4096;

    private static IEnumerable<SoftmaxKernels> Sets => SoftmaxKernels.All.Where(s => CpuInfo.IsSupported(s.Isa));

    [Fact]
    public void Exp_is_within_1_unit_in_the_last_place_and_a_little()
    {
        foreach (SoftmaxKernels set in Sets)
        {
            AssertUlps(set, "exp", set.Exp, Math.Exp, Floats(1e-30f, 88.72283f), 1.1);
            AssertUlps(set, "exp", set.Exp, Math.Exp, Floats(-103.9f, -1e-30f), 1.1);
        }
    }

    [Fact]
    public void Log_is_within_1_unit_in_the_last_place_and_a_little()
    {
        foreach (SoftmaxKernels set in Sets)
            AssertUlps(set, "log", set.Log, Math.Log, Floats(float.Epsilon, float.MaxValue).Concat(Floats(0.5f, 2f, 7)), 1.1);
    }

    [Fact]
    public void Exp_grows_with_its_argument_where_its_pieces_meet()
    {
        // Around every (n + 1/2)·ln 2, where the reduced argument jumps from one end of its range to the other.
        foreach (SoftmaxKernels set in Sets)
        {
            for (int n = -140; n < 127; n++)
            {
                var x = new float[64];
                x[0] = (float)((n + 0.5) * Math.Log(2));
                for (int i = 0; i < 32; i++)
                    x[0] = MathF.BitDecrement(x[0]);
                for (int i = 1; i < x.Length; i++)
                    x[i] = MathF.BitIncrement(x[i - 1]);
                float[] y = Apply(set.Exp, x);
                for (int i = 1; i < y.Length; i++)
                    Assert.True(y[i] >= y[i - 1] * (1 - 2e-7f), string.Create(CultureInfo.InvariantCulture,
                        $"{set.Isa}: exp({x[i]:G9}) is {y[i]:G9}, below exp({x[i - 1]:G9}) = {y[i - 1]:G9}"));
            }
        }
    }

    private static void AssertUlps(SoftmaxKernels set, string name, delegate*<float*, float*, nint, void> kernel,
        Func<double, double> function, IEnumerable<float> arguments, double limit)
    {
        (double worst, float at) = (0, 0);
        foreach (float[] x in arguments.Chunk(Batch))
        {
            float[] y = Apply(kernel, x);
            for (int i = 0; i < x.Length; i++)
            {
                double expected = function(x[i]);
                double ulps = Math.Abs(y[i] - expected) / UnitInTheLastPlace(expected);
                if (!(ulps <= worst))
                    (worst, at) = (ulps, x[i]);
            }
        }

        string figures = string.Create(CultureInfo.InvariantCulture,
            $"{name} {set.Isa}: worst {worst:F3} units in the last place at {at:G9}, allowed {limit}");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(worst <= limit, figures);
    }

    private static float[] Apply(delegate*<float*, float*, nint, void> kernel, float[] x)
    {
        using var from = new GuardedBuffer<float>(x);
        using var to = new GuardedBuffer<float>(x.Length);
        kernel(from.Pointer, to.Pointer, x.Length);
        return to.Span.ToArray();
    }

    // The distance between floats at a value: 2^(exponent − 23), at least that of subnormal numbers.
    private static double UnitInTheLastPlace(double value) =>
        value == 0 ? float.Epsilon : Math.Max(Math.ScaleB(1, Math.ILogB(value) - 23), float.Epsilon);

    private static IEnumerable<float> Floats(float from, float to, int step = 1009)
    {
        (int first, int last) = (BitConverter.SingleToInt32Bits(from), BitConverter.SingleToInt32Bits(to));
        if (first > last)
            (first, last) = (last, first);
        for (long bits = first; bits <= last; bits += step)
            yield return BitConverter.Int32BitsToSingle((int)bits);
    }
}
