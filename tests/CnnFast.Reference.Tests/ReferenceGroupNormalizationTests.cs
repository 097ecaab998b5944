using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceGroupNormalizationTests
{
    [Fact]
    public void Two_groups_of_two_pixels_by_hand()
    {
        // Group 0: 1, 3, 5, 7 (mean 4, variance 5); group 1: 2, 2, 2, 2.
        double[] x = [1, 3, 2, 2, 5, 7, 2, 2], y = new double[8];
        ReferenceGroupNormalization.Forward(new Shape(1, 2, 2, 2), x, [2, 3, 5, 7], [1, -1, 0.5, 0], 4, y);
        Assert.Equal([(-3 / 3.0 * 2) + 1, (-1 / 3.0 * 3) - 1, 0.5, 0, (1 / 3.0 * 2) + 1, (3 / 3.0 * 3) - 1, 0.5, 0], y);
    }

    [Fact]
    public void One_channel_a_group_and_one_sample_is_batch_normalisation()
    {
        double[] x = SeededData.ToDouble(SeededData.Uniform(15, 1)), gamma = SeededData.ToDouble(SeededData.Uniform(3, 2)),
            beta = SeededData.ToDouble(SeededData.Uniform(3, 3)), y = new double[15], expected = new double[15];
        double[] mean = new double[3], variance = new double[3];
        ReferenceBatchNormalization.Statistics(5, 3, x, mean, variance);
        ReferenceBatchNormalization.Forward(5, 3, x, gamma, beta, mean, variance, 1e-3, expected);
        ReferenceGroupNormalization.Forward(new Shape(1, 5, 3, 1), x, gamma, beta, 1e-3, y);
        Assert.All(y, (value, i) => Assert.Equal(expected[i], value, 1e-14));
    }

    [Theory]
    [InlineData(1, 1, 1, 2)]
    [InlineData(2, 3, 2, 2)]
    [InlineData(3, 1, 1, 7)]
    [InlineData(2, 5, 3, 1)]
    public void Every_element_of_the_gradients_is_its_central_difference(int samples, int pixels, int groups, int channels)
    {
        const double Epsilon = 0.1;
        var input = new Shape(samples, pixels, groups, channels);
        double[] x = SeededData.ToDouble(SeededData.Uniform(input.ElementCount, 1)),
            dy = SeededData.ToDouble(SeededData.Uniform(input.ElementCount, 2)),
            gamma = SeededData.ToDouble(SeededData.Uniform(groups * channels, 3)),
            beta = SeededData.ToDouble(SeededData.Uniform(groups * channels, 4));
        double[] y = new double[x.Length], dx = new double[x.Length], dgamma = new double[gamma.Length], dbeta = new double[gamma.Length];
        (double Value, double Rounding) Loss()
        {
            ReferenceGroupNormalization.Forward(input, x, gamma, beta, Epsilon, y);
            return GradientCheck.Weighted(dy, y, pixels * channels);
        }

        ReferenceGroupNormalization.Backward(input, x, dy, gamma, Epsilon, dgamma, dbeta, dx);
        double third = 100 * pixels * channels / Math.Pow(Epsilon, 1.5);
        List<string> failures = [.. GradientCheck.Failures("dx", x, dx, 1e-5, third, Loss)];
        failures.AddRange(GradientCheck.Failures("dgamma", gamma, dgamma, 0.5, 0, Loss));
        failures.AddRange(GradientCheck.Failures("dbeta", beta, dbeta, 0.5, 0, Loss));
        GradientCheck.AssertNone(failures, x.Length + (2 * gamma.Length));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ShapeException>(() => ReferenceGroupNormalization.Forward(new Shape(1, 6), new double[6], [], [], 1, new double[6]));
        Assert.Throws<ShapeException>(
            () => ReferenceGroupNormalization.Forward(new Shape(1, 2, 1, 3), new double[5], [], [], 1, new double[6]));
    }
}
