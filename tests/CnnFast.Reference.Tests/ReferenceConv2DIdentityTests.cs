using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

/// <summary>
/// Reduces every general convolution to plain ones (one group, stride 1, dilation 1, no padding), which are checked by hand: padding is a
/// larger image with zeros, dilation a larger filter with zeros, a group a convolution of some channels, and a stride a choice of outputs.
/// </summary>
public sealed class ReferenceConv2DIdentityTests
{
    private const long MaxMultiplyAdds = 1_000_000;

    [Fact]
    public void A_general_convolution_is_made_of_plain_ones()
    {
        int checks = 0;
        foreach (Conv2DCase test in Conv2DCases.Sweep)
        {
            Conv2DGeometry g = test.Geometry;
            double[] x = SeededData.ToDouble(test.X()), w = SeededData.ToDouble(test.W()), bias = SeededData.ToDouble(test.Bias());
            ExpectedTensor general = test.ExpectForward();
            Conv2DGeometry plain = Conv2DGeometry.Create(
                Shape.Nhwc(g.N, g.PadTop + g.H + g.PadBottom, g.PadLeft + g.W + g.PadRight, g.GroupC),
                new FilterShape(((g.KH - 1) * g.DilationH) + 1, ((g.KW - 1) * g.DilationW) + 1, g.GroupC, g.GroupOC));
            if (plain.MultiplyAdds > MaxMultiplyAdds)
                continue;

            checks++;
            for (int group = 0; group < g.Groups; group++)
            {
                var y = new double[plain.Output.ElementCount];
                ReferenceConv2D.Forward(plain, PadImage(g, plain, x, group), SpreadFilter(g, plain, w, group),
                    bias.AsSpan(group * g.GroupOC, g.GroupOC), y);
                for (int m = 0; m < g.N; m++)
                    for (int i = 0; i < g.OH; i++)
                        for (int j = 0; j < g.OW; j++)
                            for (int k = 0; k < g.GroupOC; k++)
                            {
                                double expected = y[Index(plain.OH, plain.OW, g.GroupOC, m, i * g.StrideH, j * g.StrideW, k)];
                                int index = Index(g.OH, g.OW, g.OC, m, i, j, (group * g.GroupOC) + k);
                                double actual = general.Values[index];
                                Assert.True(Math.Abs(expected - actual) <= 1e-14 * (1 + general.Magnitudes[index]), $"{test}: y[{m}, " +
                                    $"{i}, {j}, {(group * g.GroupOC) + k}] is {actual:R}, the plain convolution gives {expected:R}");
                            }
            }
        }

        Assert.True(checks > 0.8 * Conv2DCases.Sweep.Count, $"only {checks} of {Conv2DCases.Sweep.Count} cases were checked");
    }

    private static double[] PadImage(Conv2DGeometry g, Conv2DGeometry plain, double[] x, int group)
    {
        var image = new double[plain.Input.ElementCount];
        for (int m = 0; m < g.N; m++)
            for (int row = 0; row < g.H; row++)
                for (int column = 0; column < g.W; column++)
                    for (int c = 0; c < g.GroupC; c++)
                        image[Index(plain.H, plain.W, g.GroupC, m, g.PadTop + row, g.PadLeft + column, c)] = x[Index(g.H, g.W, g.C, m, row,
                            column, (group * g.GroupC) + c)];
        return image;
    }

    private static double[] SpreadFilter(Conv2DGeometry g, Conv2DGeometry plain, double[] w, int group)
    {
        var filter = new double[plain.Filter.ToShape().ElementCount];
        for (int a = 0; a < g.KH; a++)
            for (int b = 0; b < g.KW; b++)
                for (int c = 0; c < g.GroupC; c++)
                    for (int k = 0; k < g.GroupOC; k++)
                        filter[Index(plain.KW, g.GroupC, g.GroupOC, a * g.DilationH, b * g.DilationW, c, k)] = w[Index(g.KW, g.GroupC, g.OC,
                            a, b, c, (group * g.GroupOC) + k)];
        return filter;
    }

    // The element (p, q, r, s) of a tensor whose three inner dimensions are given.
    private static int Index(int second, int third, int fourth, int p, int q, int r, int s) =>
        (((((p * second) + q) * third) + r) * fourth) + s;
}
