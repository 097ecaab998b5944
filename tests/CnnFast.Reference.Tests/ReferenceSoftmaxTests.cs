using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferenceSoftmaxTests
{
    [Fact]
    public void Logarithms_of_1_2_and_5_become_eighths_by_hand()
    {
        double[] x = [0, Math.Log(2), Math.Log(5), 1000, 1000, 1000 + Math.Log(2)];
        var y = new double[6];
        ReferenceSoftmax.Forward(2, 3, x, y);
        AssertClose([0.125, 0.25, 0.625, 0.25, 0.25, 0.5], y, 1e-13);
    }

    [Fact]
    public void The_gradient_by_hand()
    {
        // Σ dy·y = 1, so dx = y · (dy − 1).
        var dx = new double[3];
        ReferenceSoftmax.Backward(1, 3, [0.125, 0.25, 0.625], [8, 0, 0], dx);
        Assert.Equal([0.875, -0.25, -0.625], dx);
    }

    [Fact]
    public void Rows_sum_to_1_whatever_their_range_and_are_apart()
    {
        double[] x = [-1e300, 0, 1e300, 700, 800, -900, 1e-300, -1e-300, 0];
        var y = new double[9];
        ReferenceSoftmax.Forward(3, 3, x, y);
        AssertClose([0, 0, 1, Math.Exp(-100), 1, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0], y, 1e-15);
    }

    [Fact]
    public void Values_that_have_no_softmax_become_NaN_in_their_row_alone()
    {
        double[] x = [double.NaN, 1, double.PositiveInfinity, 1, double.NegativeInfinity, double.NegativeInfinity, 0,
            double.NegativeInfinity];
        var y = new double[8];
        ReferenceSoftmax.Forward(4, 2, x, y);
        Assert.Equal([double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 1, 0], y);
    }

    [Fact]
    public void Every_element_of_the_gradient_is_its_central_difference()
    {
        var failures = new List<string>();
        int checks = 0;
        foreach ((int rows, int classes) in ((int, int)[])[(1, 1), (1, 2), (3, 10), (2, 17), (5, 3)])
        {
            double[] x = Array.ConvertAll(SeededData.Uniform(rows * classes, rows), v => 3.0 * v),
                dy = SeededData.ToDouble(SeededData.Uniform(x.Length, 9));
            double[] y = new double[x.Length], dx = new double[x.Length], moved = new double[x.Length];
            ReferenceSoftmax.Forward(rows, classes, x, y);
            ReferenceSoftmax.Backward(rows, classes, y, dy, dx);
            // Derivatives of a softmax stay below 1 in size, whatever their order up to three.
            failures.AddRange(GradientCheck.Failures($"{rows}×{classes}: dx", x, dx, 1e-5, classes, () =>
            {
                ReferenceSoftmax.Forward(rows, classes, x, moved);
                return GradientCheck.Weighted(dy, moved, classes);
            }));
            checks += x.Length;
        }

        GradientCheck.AssertNone(failures, checks);
    }

    [Fact]
    public void A_span_of_another_length_is_one_sentence()
    {
        double[] six = new double[6], five = new double[5];
        AssertShape("ReferenceSoftmax.Forward: x has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmax.Forward(2, 3, five, six));
        AssertShape("ReferenceSoftmax.Forward: y has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmax.Forward(2, 3, six, five));
        AssertShape("ReferenceSoftmax.Backward: y has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmax.Backward(2, 3, five, six, six));
        AssertShape("ReferenceSoftmax.Backward: dy has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmax.Backward(2, 3, six, five, six));
        AssertShape("ReferenceSoftmax.Backward: dx has 5 elements; expected 6 for shape [2, 3].",
            () => ReferenceSoftmax.Backward(2, 3, six, six, five));
    }

    private static void AssertShape(string message, Action call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"element {i} is {actual[i]:R}, expected {expected[i]:R}");
    }
}
