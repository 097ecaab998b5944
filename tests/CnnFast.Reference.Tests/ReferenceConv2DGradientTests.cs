using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceConv2DGradientTests
{
    private const long MaxMultiplyAddsOfACheck = 2_000_000;

    // Small enough that every element of every tensor is moved.
    private static readonly Conv2DGeometry[] Small =
    [
        Conv2DGeometry.Create(Shape.Nhwc(2, 4, 5, 2), new FilterShape(3, 2, 2, 3)),
        Conv2DGeometry.Create(Shape.Nhwc(2, 5, 3, 2), new FilterShape(2, 3, 2, 3), Padding.Same),
        Conv2DGeometry.Create(Shape.Nhwc(2, 5, 6, 2), new FilterShape(3, 2, 2, 2), Padding.Explicit(2, 1, 0, 3), strideH: 2, strideW: 3),
        Conv2DGeometry.Create(Shape.Nhwc(2, 7, 6, 1), new FilterShape(3, 2, 1, 2), Padding.Explicit(1, 0, 2, 1), dilationH: 2,
            dilationW: 3),
        Conv2DGeometry.Create(Shape.Nhwc(2, 6, 7, 4), new FilterShape(2, 3, 2, 6), Padding.Same, strideH: 2, strideW: 1, dilationH: 1,
            dilationW: 2, groups: 2),
        Conv2DGeometry.Create(Shape.Nhwc(2, 4, 5, 3), new FilterShape(3, 3, 1, 6), Padding.Same, groups: 3),
        Conv2DGeometry.Create(Shape.Nhwc(3, 1, 2, 2), new FilterShape(2, 3, 2, 2), Padding.Explicit(3, 4, 2, 5), strideH: 2, strideW: 3,
            dilationH: 2),
    ];

    [Fact]
    public void Every_element_of_the_gradients_of_small_convolutions_is_its_central_difference()
    {
        var failures = new List<string>();
        int checks = 0;
        foreach (Conv2DCase test in Small.Select((g, i) => new Conv2DCase(g, i + 1)).Concat(Conv2DCases.Sweep.Where(IsCheap)))
        {
            Conv2DGeometry g = test.Geometry;
            double[] x = SeededData.ToDouble(test.X()), w = SeededData.ToDouble(test.W()), bias = SeededData.ToDouble(test.Bias()),
                dy = SeededData.ToDouble(test.DY());
            double[] dx = new double[x.Length], dw = new double[w.Length], db = new double[bias.Length], y = new double[dy.Length];
            ReferenceConv2D.BackwardData(g, dy, w, dx);
            ReferenceConv2D.BackwardFilter(g, x, dy, dw);
            ReferenceConv2D.BackwardBias(g, dy, db);

            (double, double) Loss()
            {
                ReferenceConv2D.Forward(g, x, w, bias, y);
                return GradientCheck.Weighted(dy, y, (long)g.KH * g.KW * g.GroupC);
            }

            failures.AddRange(GradientCheck.Failures($"{test}: dx", x, dx, 0.5, 0, Loss));
            failures.AddRange(GradientCheck.Failures($"{test}: dw", w, dw, 0.5, 0, Loss));
            failures.AddRange(GradientCheck.Failures($"{test}: db", bias, db, 0.5, 0, Loss));
            checks += x.Length + w.Length + bias.Length;
        }

        GradientCheck.AssertNone(failures, checks);
        Assert.InRange(checks, 5_000, 100_000);
    }

    [Fact]
    public void The_backward_passes_are_the_adjoints_of_the_forward_pass_in_every_case()
    {
        // Σ dy·(x∗w) = Σ x·dx = Σ w·dw, for any x, w and dy.
        foreach (Conv2DCase test in Conv2DCases.Sweep)
        {
            double[] x = SeededData.ToDouble(test.X()), w = SeededData.ToDouble(test.W()), dy = SeededData.ToDouble(test.DY());
            double forward = Dot(dy, test.ExpectForward(withBias: false).Values);
            double magnitude = Dot(SeededData.ToMagnitude(test.DY()), test.ExpectForward(withBias: false).Magnitudes);
            double tolerance = 1e-13 * magnitude;
            double data = Dot(x, test.ExpectBackwardData().Values);
            double filter = Dot(w, test.ExpectBackwardFilter().Values);
            Assert.True(Math.Abs(forward - data) <= tolerance, $"{test}: Σ dy·y = {forward:R}, Σ x·dx = {data:R}");
            Assert.True(Math.Abs(forward - filter) <= tolerance, $"{test}: Σ dy·y = {forward:R}, Σ w·dw = {filter:R}");
        }
    }

    [Fact]
    public void A_wrong_gradient_is_caught()
    {
        Conv2DGeometry g = Small[0];
        var test = new Conv2DCase(g, 1);
        double[] x = SeededData.ToDouble(test.X()), w = SeededData.ToDouble(test.W()), dy = SeededData.ToDouble(test.DY()),
            y = new double[dy.Length];
        double[] dw = test.ExpectBackwardFilter().Values;
        dw[7] += 1e-9;
        string failure = Assert.Single(GradientCheck.Failures("dw", w, dw, 0.5, 0, () =>
        {
            ReferenceConv2D.Forward(g, x, w, [], y);
            return GradientCheck.Weighted(dy, y, 12);
        }));
        Assert.StartsWith("dw[7]: gradient ", failure);
    }

    private static bool IsCheap(Conv2DCase test) =>
        2 * test.Geometry.MultiplyAdds * (test.Geometry.Input.ElementCount + test.Geometry.Filter.ToShape().ElementCount + test.Geometry.OC)
            <= MaxMultiplyAddsOfACheck;

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
