using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceAdaptivePool2DTests
{
    [Fact]
    public void Seven_pixels_to_three_and_three_to_seven_by_hand()
    {
        double[] x = [0, 1, 2, 3, 4, 5, 6], y = new double[3], dx = new double[7];
        Shape row = Shape.Nhwc(1, 1, 7, 1), three = Shape.Nhwc(1, 1, 3, 1);
        ReferenceAdaptivePool2D.AverageForward(row, three, x, y);
        Assert.Equal([1.0, 3, 5], y);
        ReferenceAdaptivePool2D.AverageBackward(row, three, [3, 6, 9], dx);
        Assert.Equal([1.0, 1, 3, 2, 5, 3, 3], dx);
        ReferenceAdaptivePool2D.MaxForward(row, three, [5, 1, 2, double.NaN, 4, 4, 1], y);
        Assert.Equal([5, double.NaN, 4], y);
        ReferenceAdaptivePool2D.MaxBackward(row, three, [5, 1, 2, double.NaN, 4, 4, 1], [1, 2, 3], dx);
        Assert.Equal([1.0, 0, 0, 2, 3, 0, 0], dx);
        ReferenceAdaptivePool2D.MaxForward(three, row, [0, 1, 2], dx);
        Assert.Equal([0.0, 0, 1, 1, 2, 2, 2], dx);
    }

    [Fact]
    public void Where_windows_divide_the_image_it_is_ordinary_pooling()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(2, 6, 4, 3), 3, 2, 3, 2);
        double[] x = SeededData.ToDouble(SeededData.Uniform(g.Input.ElementCount, 1)), expected = new double[g.Output.ElementCount],
            y = new double[expected.Length];
        ReferencePool2D.AverageForward(g, x, expected, false);
        ReferenceAdaptivePool2D.AverageForward(g.Input, g.Output, x, y);
        Assert.All(y, (value, i) => Assert.Equal(expected[i], value, 1e-14));
        ReferencePool2D.MaxForward(g, x, expected);
        ReferenceAdaptivePool2D.MaxForward(g.Input, g.Output, x, y);
        Assert.Equal(expected, y);
    }

    [Fact]
    public void Shuffled_pixels_by_hand()
    {
        double[] y = new double[8], dx = new double[8];
        ReferencePixelShuffle.Forward(Shape.Nhwc(1, 1, 1, 8), 2, [0, 1, 2, 3, 4, 5, 6, 7], y);
        Assert.Equal([0.0, 4, 1, 5, 2, 6, 3, 7], y);
        ReferencePixelShuffle.Backward(Shape.Nhwc(1, 1, 1, 8), 2, y, dx);
        Assert.Equal([0.0, 1, 2, 3, 4, 5, 6, 7], dx);
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused() => Assert.Throws<ShapeException>(
        () => ReferenceAdaptivePool2D.AverageForward(Shape.Nhwc(1, 1, 7, 1), Shape.Nhwc(1, 1, 3, 1), new double[6], new double[3]));
}
