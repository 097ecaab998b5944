using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

/// <summary>Resizing, padding and products with factors, by hand and by their adjoints.</summary>
public sealed class ReferenceImageTests
{
    [Fact]
    public void Bilinear_upsampling_by_2_has_the_values_of_half_pixel_centres()
    {
        var y = new double[4];
        ReferenceResize.Bilinear(Shape.Nhwc(1, 1, 2, 1), Shape.Nhwc(1, 1, 4, 1), _ => 0, j => ((j + 0.5) / 2) - 0.5, [1, 3], y);
        Assert.Equal([1, 1.5, 2.5, 3], y);
    }

    [Fact]
    public void Nearest_upsampling_repeats_pixels()
    {
        var y = new double[8];
        ReferenceResize.Nearest(Shape.Nhwc(1, 2, 1, 2), Shape.Nhwc(1, 4, 1, 2), i => i / 2, j => j, [1, 2, 3, 4], y);
        Assert.Equal([1, 2, 1, 2, 3, 4, 3, 4], y);
    }

    [Fact]
    public void Gradients_are_the_adjoints_of_the_forward_passes()
    {
        Shape input = Shape.Nhwc(2, 3, 5, 2), output = Shape.Nhwc(2, 6, 7, 2);
        double[] x = SeededData.ToDouble(SeededData.Uniform(input.ElementCount, 1)),
            dy = SeededData.ToDouble(SeededData.Uniform(output.ElementCount, 2));
        double[] y = new double[dy.Length], dx = new double[x.Length];
        ReferenceResize.Bilinear(input, output, i => ((i + 0.5) / 2) - 0.5, j => j * 0.7, x, y);
        ReferenceResize.BilinearBackward(input, output, i => ((i + 0.5) / 2) - 0.5, j => j * 0.7, dy, dx);
        Assert.Equal(Dot(y, dy), Dot(x, dx), 1e-12);
        ReferenceResize.Nearest(input, output, i => i / 2, j => j * 5 / 7, x, y);
        ReferenceResize.NearestBackward(input, output, i => i / 2, j => j * 5 / 7, dy, dx);
        Assert.Equal(Dot(y, dy), Dot(x, dx), 1e-12);
        var sides = Padding.Explicit(1, 0, 2, 2);
        ReferenceZeroPadding2D.Forward(input, sides, x, y);
        ReferenceZeroPadding2D.Backward(input, sides, dy, dx);
        Assert.Equal(Dot(y, dy), Dot(x, dx), 1e-12);
        Assert.Equal(x.Sum(), y.Sum(), 1e-12);
    }

    [Fact]
    public void Factors_multiply_their_channel_of_every_pixel_and_sum_over_them()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8], y = new double[8], df = new double[4];
        ReferenceMultiply.Forward(2, 2, x, [10, 100, 1000, 1], y);
        Assert.Equal([10, 200, 30, 400, 5000, 6, 7000, 8], y);
        ReferenceMultiply.BackwardFactors(2, 2, x, [1, 1, 2, 0, 0, 3, 1, 1], df);
        Assert.Equal([7, 2, 7, 26], df);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
