using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceConv2DTransposeTests
{
    [Fact]
    public void Two_pixels_scatter_their_products_by_hand()
    {
        // Stride 2, three taps, one column: 1·(1 2 3) and 10·(1 2 3) two apart, on a bias of 100.
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 5, 1, 1), new FilterShape(3, 1, 1, 1), Padding.Valid, strideH: 2);
        var y = new double[5];
        ReferenceConv2DTranspose.Forward(g, [1, 10], [1, 2, 3], [100], y);
        Assert.Equal([101, 102, 113, 120, 130], y);
    }

    [Fact]
    public void Channels_of_the_filter_are_output_then_input()
    {
        // Two inputs, three outputs: W[0,0,k,c].
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(1, 1, 1, 3), new FilterShape(1, 1, 3, 2));
        var y = new double[3];
        ReferenceConv2DTranspose.Forward(g, [1, 10], [1, 2, 3, 4, 5, 6], [], y);
        Assert.Equal([21, 43, 65], y);
    }

    [Fact]
    public void It_is_the_transpose_of_the_convolution_in_every_case()
    {
        foreach (Conv2DCase test in Conv2DCases.Quick)
        {
            Conv2DGeometry g = test.Geometry;
            double[] x = SeededData.ToDouble(test.DY()), w = SeededData.ToDouble(test.W()), dy = SeededData.ToDouble(test.X()),
                bias = SeededData.ToDouble(test.TransposedBias());
            double[] y = new double[dy.Length], dx = new double[x.Length], dw = new double[w.Length], db = new double[g.C];
            double[] expected = new double[y.Length], expectedDx = new double[x.Length], expectedDw = new double[w.Length];
            ReferenceConv2DTranspose.Forward(g, x, w, [], y);
            ReferenceConv2D.BackwardData(g, x, w, expected);
            AssertNear(expected, y, test);
            ReferenceConv2DTranspose.BackwardData(g, dy, w, dx);
            ReferenceConv2D.Forward(g, dy, w, [], expectedDx);
            AssertNear(expectedDx, dx, test);
            ReferenceConv2DTranspose.BackwardFilter(g, x, dy, dw);
            ReferenceConv2D.BackwardFilter(g, dy, x, expectedDw);
            AssertNear(expectedDw, dw, test);
            var biased = new double[y.Length];
            ReferenceConv2DTranspose.Forward(g, x, w, bias, biased);
            ReferenceConv2DTranspose.BackwardBias(g, dy, db);
            Assert.Equal(Dot(bias, db), Dot(dy, biased) - Dot(dy, y), 1e-9 * dy.Length);
        }
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    private static void AssertNear(double[] expected, double[] actual, Conv2DCase test)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-11, $"{test}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
    }
}
