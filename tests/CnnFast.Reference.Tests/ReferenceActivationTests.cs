using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceActivationTests
{
    private static readonly double[] s_x = [-8, -3, -1, 0, 1, 2.5, 3, 8];

    [Fact]
    public void Clip_keeps_what_lies_between_its_bounds()
    {
        var y = new double[s_x.Length];
        ReferenceActivation.Clip(s_x, y, -1.5, 2.75);
        Assert.Equal([-1.5, -1.5, -1, 0, 1, 2.5, 2.75, 2.75], y);
    }

    [Fact]
    public void Leaky_ReLU_multiplies_negative_values_by_its_slope()
    {
        var y = new double[s_x.Length];
        ReferenceActivation.LeakyReLU(s_x, y, 0.25);
        Assert.Equal([-2, -0.75, -0.25, 0, 1, 2.5, 3, 8], y);
    }

    [Fact]
    public void Hard_swish_is_zero_below_minus_3_and_the_identity_above_3()
    {
        var y = new double[s_x.Length];
        ReferenceActivation.HardSwish(s_x, y);
        Assert.Equal([0, 0, -1.0 / 3, 0, 2.0 / 3, 2.5 * 5.5 / 6, 3, 8], y);
    }

    [Fact]
    public void Sigmoid_and_SiLU_have_the_values_of_tables()
    {
        double[] x = [0, 1, -1, 2];
        var y = new double[x.Length];
        ReferenceActivation.Sigmoid(x, y);
        AssertClose([0.5, 0.731058578630005, 0.268941421369995, 0.880797077977882], y);
        ReferenceActivation.SiLU(x, y);
        AssertClose([0, 0.731058578630005, -0.268941421369995, 1.761594155955765], y);
    }

    [Fact]
    public void Tanh_has_the_values_of_tables()
    {
        var y = new double[4];
        ReferenceActivation.Tanh([0, 0.5, -1, 3], y);
        AssertClose([0, 0.462117157260010, -0.761594155955765, 0.995054753686730], y);
    }

    [Fact]
    public void Gradients_equal_central_differences()
    {
        // A step of 1/1024 never crosses a bound: arguments lie between multiples of 1/64.
        double[] x = Array.ConvertAll(SeededData.ToDouble(SeededData.Uniform(97, 1)), v => (Math.Round(v * 5 * 64) + 0.5) / 64);
        double[] dy = SeededData.ToDouble(SeededData.Uniform(97, 2));
        var failures = new List<string>();
        foreach (ReferenceFunction function in ReferenceFunctions.All)
        {
            var dx = new double[x.Length];
            function.ApplyGradient(x, dy, dx);
            failures.AddRange(GradientCheck.Failures(function.Name, x, dx, 1.0 / 1024, function.ThirdDerivative, () =>
            {
                double[] y = [.. x];
                function.Apply(y, y);
                return GradientCheck.Weighted(dy, y, 4);
            }));
        }

        GradientCheck.AssertNone(failures, ReferenceFunctions.All.Count * x.Length);
    }

    [Fact]
    public void Gradients_of_PReLU_equal_central_differences()
    {
        const int Channels = 3;
        double[] x = Array.ConvertAll(SeededData.ToDouble(SeededData.Uniform(17 * Channels, 3)), v => (Math.Round(v * 5 * 64) + 0.5) / 64);
        double[] slope = [0.25, -0.5, 1.5];
        double[] dy = SeededData.ToDouble(SeededData.Uniform(x.Length, 4)), dx = new double[x.Length], dslope = new double[Channels];
        ReferencePReLU.Backward(x, slope, dy, dx, dslope);
        List<string> failures = [.. GradientCheck.Failures("x", x, dx, 1.0 / 1024, 0, Loss),
            .. GradientCheck.Failures("slope", slope, dslope, 1.0 / 1024, 0, Loss)];
        GradientCheck.AssertNone(failures, x.Length + Channels);

        (double Value, double Rounding) Loss()
        {
            var y = new double[x.Length];
            ReferencePReLU.Forward(x, slope, y);
            return GradientCheck.Weighted(dy, y, 4);
        }
    }

    [Fact]
    public void Derivatives_at_the_bounds_are_those_of_the_documentation()
    {
        double[] one = [1, 1], dx = new double[2];
        ReferenceActivationGradient.Clip([0, 6], one, dx, 0, 6);
        Assert.Equal([0, 0], dx);
        ReferenceActivationGradient.HardSwish([-3, 3], one, dx);
        Assert.Equal([0, 1], dx);
        ReferenceActivationGradient.LeakyReLU([0, -0.0], one, dx, 0.25);
        Assert.Equal([0.25, 0.25], dx);
    }

    [Fact]
    public void NaN_passes_through()
    {
        var y = new double[1];
        ReferenceActivation.Clip([double.NaN], y, 0, 6);
        Assert.True(double.IsNaN(y[0]));
        ReferenceActivation.LeakyReLU([double.NaN], y, 0.1);
        Assert.True(double.IsNaN(y[0]));
        ReferenceActivation.HardSwish([double.NaN], y);
        Assert.True(double.IsNaN(y[0]));
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-14);
    }
}
