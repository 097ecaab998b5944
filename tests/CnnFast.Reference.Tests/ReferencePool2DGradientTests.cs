using CnnFast.Testing;

namespace CnnFast.Reference.Tests;

public sealed class ReferencePool2DGradientTests
{
    private const long MaxCellsOfACheck = 2_000_000;

    [Fact]
    public void Every_element_of_the_gradient_of_max_pooling_is_its_central_difference()
    {
        var failures = new List<string>();
        int checks = 0;
        foreach (Pool2DCase test in Pool2DCases.Sweep.Where(IsCheap))
        {
            // Whole numbers in random order: no ties, and a step of 1/4 never changes a maximum.
            double[] x = ShuffledIntegers(test.Geometry.Input.ElementCount, test.Seed);
            double[] dy = SeededData.ToDouble(test.DY()), dx = new double[x.Length], y = new double[dy.Length];
            ReferencePool2D.MaxBackward(test.Geometry, x, dy, dx);
            failures.AddRange(GradientCheck.Failures($"{test}: dx", x, dx, 0.25, 0, () =>
            {
                ReferencePool2D.MaxForward(test.Geometry, x, y);
                return GradientCheck.Weighted(dy, y);
            }));
            checks += x.Length;
        }

        GradientCheck.AssertNone(failures, checks);
        Assert.InRange(checks, 5_000, 100_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_element_of_the_gradient_of_average_pooling_is_its_central_difference(bool countPadding)
    {
        var failures = new List<string>();
        int checks = 0;
        foreach (Pool2DCase test in Pool2DCases.Sweep.Where(IsCheap))
        {
            double[] x = SeededData.ToDouble(test.X()), dy = SeededData.ToDouble(test.DY()), dx = new double[x.Length],
                y = new double[dy.Length];
            ReferencePool2D.AverageBackward(test.Geometry, dy, dx, countPadding);
            failures.AddRange(GradientCheck.Failures($"{test}: dx", x, dx, 0.5, 0, () =>
            {
                ReferencePool2D.AverageForward(test.Geometry, x, y, countPadding);
                return GradientCheck.Weighted(dy, y, (long)test.Geometry.KH * test.Geometry.KW);
            }));
            checks += x.Length;
        }

        GradientCheck.AssertNone(failures, checks);
        Assert.InRange(checks, 5_000, 100_000);
    }

    [Fact]
    public void The_gradients_of_each_window_sum_to_its_own_in_every_case()
    {
        foreach (Pool2DCase test in Pool2DCases.Sweep)
        {
            double expected = SeededData.ToDouble(test.DY()).Sum();
            double tolerance = 1e-13 * (1 + SeededData.ToMagnitude(test.DY()).Sum());
            Assert.Equal(expected, test.ExpectMaxBackward(test.X()).Values.Sum(), tolerance);
            Assert.Equal(expected, test.ExpectMaxBackward(test.XWithTies()).Values.Sum(), tolerance);
            Assert.Equal(expected, test.ExpectMaxBackward(test.XWithNaN()).Values.Sum(), tolerance);
            Assert.Equal(expected, test.ExpectAverageBackward(countPadding: false).Values.Sum(), tolerance);
        }
    }

    private static bool IsCheap(Pool2DCase test) =>
        2L * test.Geometry.Output.ElementCount * test.Geometry.KH * test.Geometry.KW * test.Geometry.Input.ElementCount <= MaxCellsOfACheck;

    private static double[] ShuffledIntegers(int count, int seed)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = i - (count / 2);
        int[] draws = SeededData.Integers(count, int.MaxValue, seed);
        for (int i = count - 1; i > 0; i--)
        {
            int j = draws[i] % (i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }

        return values;
    }
}
