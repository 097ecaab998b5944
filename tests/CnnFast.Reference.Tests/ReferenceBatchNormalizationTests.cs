using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceBatchNormalizationTests
{
    [Fact]
    public void Three_pixels_of_two_channels_by_hand()
    {
        // Channel 0: 1, 2, 6 (mean 3, variance 14/3); channel 1: 4, 4, 4 (variance 0).
        double[] x = [1, 4, 2, 4, 6, 4], mean = new double[2], variance = new double[2], y = new double[6];
        ReferenceBatchNormalization.Statistics(3, 2, x, mean, variance);
        Assert.Equal([3.0, 4.0], mean);
        Assert.Equal([14.0 / 3, 0.0], variance);
        ReferenceBatchNormalization.Forward(3, 2, x, [3, 5], [0.5, -1], mean, variance, 4.0 / 3, y);
        double root = Math.Sqrt(6);
        double[] expected = [(-2 / root * 3) + 0.5, -1, (-1 / root * 3) + 0.5, -1, (3 / root * 3) + 0.5, -1];
        for (int i = 0; i < 6; i++)
            Assert.Equal(expected[i], y[i], 1e-14);
        ReferenceBatchNormalization.Forward(3, 2, x, [], [], [0, 0], [1, 1], 0, y);
        Assert.Equal(x, y);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(5, 3)]
    [InlineData(12, 2)]
    public void Every_element_of_the_gradients_is_its_central_difference(int pixels, int channels)
    {
        const double Epsilon = 0.1;
        double[] x = SeededData.ToDouble(SeededData.Uniform(pixels * channels, 1)),
            dy = SeededData.ToDouble(SeededData.Uniform(pixels * channels, 2));
        double[] gamma = SeededData.ToDouble(SeededData.Uniform(channels, 3)), beta = SeededData.ToDouble(SeededData.Uniform(channels, 4));
        double[] mean = new double[channels], variance = new double[channels], y = new double[x.Length], dx = new double[x.Length],
            dgamma = new double[channels], dbeta = new double[channels];
        (double Value, double Rounding) Loss()
        {
            ReferenceBatchNormalization.Statistics(pixels, channels, x, mean, variance);
            ReferenceBatchNormalization.Forward(pixels, channels, x, gamma, beta, mean, variance, Epsilon, y);
            return GradientCheck.Weighted(dy, y, pixels);
        }

        Loss();
        ReferenceBatchNormalization.BackwardParameters(pixels, channels, x, dy, mean, variance, Epsilon, dgamma, dbeta);
        ReferenceBatchNormalization.BackwardData(pixels, channels, x, dy, gamma, Epsilon, dx);

        // A third derivative of the normalised values is of the order of (variance + epsilon) to the −3/2 times a few units, for every
        // pixel.
        double third = 100 * pixels / Math.Pow(Epsilon, 1.5);
        List<string> failures = [.. GradientCheck.Failures("dx", x, dx, 1e-5, third, Loss)];
        failures.AddRange(GradientCheck.Failures("dgamma", gamma, dgamma, 0.5, 0, Loss));
        failures.AddRange(GradientCheck.Failures("dbeta", beta, dbeta, 0.5, 0, Loss));
        GradientCheck.AssertNone(failures, x.Length + (2 * channels));
    }

    [Fact]
    public void A_length_that_does_not_fit_is_refused() =>
        Assert.Throws<ShapeException>(() => ReferenceBatchNormalization.Statistics(3, 2, new double[5], new double[2], new double[2]));
}
