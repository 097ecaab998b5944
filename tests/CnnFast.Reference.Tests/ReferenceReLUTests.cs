using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceReLUTests
{
    [Fact]
    public void Negative_values_become_zero_and_NaN_and_minus_zero_pass()
    {
        double[] x = [-3, -double.Epsilon, -0.0, 0, 2, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var y = new double[x.Length];
        ReferenceReLU.Forward(x, y);
        Assert.Equal([0, 0, -0.0, 0, 2, double.NaN, double.PositiveInfinity, 0], y);
        Assert.True(double.IsNegative(y[2]), "−0 stays −0");
    }

    [Fact]
    public void The_derivative_is_1_above_zero_and_0_elsewhere()
    {
        double[] x = [-3, -0.0, 0, double.Epsilon, 2, double.NaN];
        var dx = new double[x.Length];
        ReferenceReLU.Backward(x, [1, 2, 3, 4, 5, 6], dx);
        Assert.Equal([0, 0, 0, 4, 5, 0], dx);
    }

    [Fact]
    public void The_gradient_is_the_same_from_the_input_and_from_the_output_and_in_place()
    {
        double[] x = SeededData.ToDouble(SeededData.Uniform(31, 1)), dy = SeededData.ToDouble(SeededData.Uniform(31, 2));
        double[] y = new double[31], fromX = new double[31], fromY = new double[31];
        ReferenceReLU.Forward(x, y);
        ReferenceReLU.Backward(x, dy, fromX);
        ReferenceReLU.Backward(y, dy, fromY);
        Assert.Equal(fromX, fromY);
        ReferenceReLU.Backward(y, dy, dy);
        Assert.Equal(fromX, dy);
        ReferenceReLU.Forward(x, x);
        Assert.Equal(y, x);
    }

    [Fact]
    public void Every_element_of_the_gradient_is_its_central_difference()
    {
        // A step of 1/64 never crosses zero.
        double[] x = Array.ConvertAll(SeededData.ToDouble(SeededData.Uniform(64, 3)), v => v + (Math.Sign(v) * 0.02));
        double[] dy = SeededData.ToDouble(SeededData.Uniform(64, 4)), y = new double[64], dx = new double[64];
        ReferenceReLU.Backward(x, dy, dx);
        GradientCheck.AssertNone(
            [.. GradientCheck.Failures("dx", x, dx, 1.0 / 64, 0, () =>
            {
                ReferenceReLU.Forward(x, y);
                return GradientCheck.Weighted(dy, y);
            })],
            x.Length);
    }

    [Fact]
    public void Lengths_that_differ_are_one_sentence()
    {
        Assert.Equal("ReferenceReLU.Forward: y has 2 elements; expected 3, as many as x.",
            Assert.Throws<ShapeException>(() => ReferenceReLU.Forward(new double[3], new double[2])).Message);
        Assert.Equal("ReferenceReLU.Backward: dy has 2 elements; expected 3, as many as y.",
            Assert.Throws<ShapeException>(() => ReferenceReLU.Backward(new double[3], new double[2], new double[3])).Message);
        Assert.Equal("ReferenceReLU.Backward: dx has 4 elements; expected 3, as many as y.",
            Assert.Throws<ShapeException>(() => ReferenceReLU.Backward(new double[3], new double[3], new double[4])).Message);
    }
}
