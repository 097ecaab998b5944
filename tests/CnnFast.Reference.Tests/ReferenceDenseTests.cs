using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceDenseTests
{
    [Fact]
    public void Two_samples_of_three_features_by_hand()
    {
        // x = 1 2 3    w = 1  4    b = 100 200
        //     4 5 6        2  5
        //                  3  6
        double[] x = [1, 2, 3, 4, 5, 6], w = [1, 4, 2, 5, 3, 6], y = new double[4];
        ReferenceDense.Forward(2, 3, 2, x, w, [100, 200], y);
        Assert.Equal([114, 232, 132, 277], y);
        ReferenceDense.Forward(2, 3, 2, x, w, [], y);
        Assert.Equal([14, 32, 32, 77], y);

        double[] dy = [1, 10, 2, 20], dx = new double[6], dw = new double[6], db = new double[2];
        ReferenceDense.BackwardData(2, 3, 2, dy, w, dx);
        Assert.Equal([41, 52, 63, 82, 104, 126], dx);
        ReferenceDense.BackwardFilter(2, 3, 2, x, dy, dw);
        Assert.Equal([9, 90, 12, 120, 15, 150], dw);
        ReferenceDense.BackwardBias(2, 2, dy, db);
        Assert.Equal([3, 30], db);
    }

    [Fact]
    public void Every_element_of_the_gradients_is_its_central_difference()
    {
        var failures = new List<string>();
        int checks = 0;
        (int N, int IC, int OC)[] sizes = [(1, 1, 1), (1, 7, 3), (5, 3, 8), (3, 9, 1), (4, 1, 9), (2, 17, 13)];
        foreach ((int n, int ic, int oc) in sizes)
        {
            double[] x = Values(n * ic, 1), w = Values(ic * oc, 2), b = Values(oc, 3), dy = Values(n * oc, 4), y = new double[n * oc];
            double[] dx = new double[x.Length], dw = new double[w.Length], db = new double[oc];
            ReferenceDense.BackwardData(n, ic, oc, dy, w, dx);
            ReferenceDense.BackwardFilter(n, ic, oc, x, dy, dw);
            ReferenceDense.BackwardBias(n, oc, dy, db);

            (double, double) Loss()
            {
                ReferenceDense.Forward(n, ic, oc, x, w, b, y);
                return GradientCheck.Weighted(dy, y, ic);
            }

            string name = $"N{n} IC{ic} OC{oc}";
            failures.AddRange(GradientCheck.Failures($"{name}: dx", x, dx, 0.5, 0, Loss));
            failures.AddRange(GradientCheck.Failures($"{name}: dw", w, dw, 0.5, 0, Loss));
            failures.AddRange(GradientCheck.Failures($"{name}: db", b, db, 0.5, 0, Loss));
            checks += x.Length + w.Length + oc;
        }

        GradientCheck.AssertNone(failures, checks);
    }

    [Fact]
    public void A_dense_layer_is_a_convolution_of_single_pixels()
    {
        Conv2DGeometry g = Conv2DGeometry.Create(Shape.Nhwc(5, 1, 1, 7), new FilterShape(1, 1, 7, 3));
        double[] x = Values(35, 1), w = Values(21, 2), b = Values(3, 3), dense = new double[15], convolution = new double[15];
        ReferenceDense.Forward(5, 7, 3, x, w, b, dense);
        ReferenceConv2D.Forward(g, x, w, b, convolution);
        Assert.Equal(convolution, dense);
    }

    [Fact]
    public void A_span_of_another_length_is_one_sentence()
    {
        double[] x = new double[6], w = new double[12], b = new double[4], y = new double[8];
        AssertShape("ReferenceDense.Forward: x has 8 elements; expected 6 for shape [2, 3].",
            () => ReferenceDense.Forward(2, 3, 4, y, w, b, y));
        AssertShape("ReferenceDense.Forward: w has 6 elements; expected 12 for shape [3, 4].",
            () => ReferenceDense.Forward(2, 3, 4, x, x, b, y));
        AssertShape("ReferenceDense.Forward: bias has 6 elements; expected none or 4 for shape [4].",
            () => ReferenceDense.Forward(2, 3, 4, x, w, x, y));
        AssertShape("ReferenceDense.Forward: y has 6 elements; expected 8 for shape [2, 4].",
            () => ReferenceDense.Forward(2, 3, 4, x, w, b, x));
        AssertShape("ReferenceDense.BackwardData: dx has 8 elements; expected 6 for shape [2, 3].",
            () => ReferenceDense.BackwardData(2, 3, 4, y, w, y));
        AssertShape("ReferenceDense.BackwardFilter: dw has 6 elements; expected 12 for shape [3, 4].",
            () => ReferenceDense.BackwardFilter(2, 3, 4, x, y, x));
        AssertShape("ReferenceDense.BackwardBias: db has 8 elements; expected 4 for shape [4].",
            () => ReferenceDense.BackwardBias(2, 4, y, y));
        AssertShape("Shape [0, 3] has a dimension of 0; every dimension must be at least 1.",
            () => ReferenceDense.Forward(0, 3, 4, [], w, b, []));
    }

    private static void AssertShape(string message, Action call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    private static double[] Values(int count, int seed) => SeededData.ToDouble(SeededData.Uniform(count, seed));
}
