using System.Globalization;
using CnnFast.Operators;

namespace CnnFast.Kernels.Tests;

public sealed class DropoutTests
{
    private const int Length = 1_000_000;

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void The_share_of_dropped_elements_is_the_rate_within_5_standard_deviations(float rate)
    {
        for (ulong counter = 0; counter < 4; counter++)
        {
            bool[] dropped = Dropped(rate, 1, counter);
            double share = dropped.Count(d => d) / (double)Length;
            AssertShare(rate, share, Length, $"counter {counter}");
            // Elements at even and odd places, and in blocks of eight lanes, are dropped as often.
            for (int lane = 0; lane < 8; lane++)
                AssertShare(rate, dropped.Where((_, i) => i % 8 == lane).Count(d => d) / (Length / 8.0), Length / 8,
                    $"counter {counter}, lane {lane}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(4096)]
    public void Neighbours_are_dropped_independently(int distance)
    {
        bool[] dropped = Dropped(0.5f, 2, 3);
        AssertShare(0.5, Agreement(dropped.Skip(distance), dropped), Length - distance, $"distance {distance}");
    }

    [Theory]
    [InlineData(7, 0, 7, 1)]
    [InlineData(7, 0, 8, 0)]
    [InlineData(7, 1, 8, 0)]
    [InlineData(0, 0, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(1, 1UL << 32, 1, 0)]
    public void Masks_of_other_seeds_or_counters_are_independent(ulong seed, ulong counter, ulong otherSeed, ulong otherCounter)
    {
        bool[] mask = Dropped(0.5f, seed, counter);
        bool[] other = Dropped(0.5f, otherSeed, otherCounter);
        AssertShare(0.5, Agreement(mask, other), Length, "two masks");
        // Nor is one mask the other one shifted.
        AssertShare(0.5, Agreement(mask.Skip(1), other), Length - 1, "shifted masks");
    }

    [Fact]
    public void The_backward_pass_drops_what_the_forward_pass_dropped_and_scales_the_rest()
    {
        ElementwiseOperators op = ElementwiseOperators.Create();
        var ones = new float[1003];
        Array.Fill(ones, 1f);
        float[] y = new float[1003], dx = new float[1003];
        op.Dropout(SerialScheduler.Instance, ones, y, 0.25f, 9, 10);
        op.DropoutBackward(SerialScheduler.Instance, ones, dx, 0.25f, 9, 10);
        Assert.Equal(y, dx);
        Assert.Equal([0f, 4f / 3f], y.Distinct().Order());
    }

    [Fact]
    public void The_rate_0_drops_nothing()
    {
        float[] x = [1f, -0f, float.NaN, 2f, float.PositiveInfinity], y = new float[5];
        ElementwiseOperators.Create().Dropout(SerialScheduler.Instance, x, y, 0f, 1, 1);
        Assert.Equal(x, y);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    public void A_rate_outside_0_to_1_is_refused(float rate)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => ElementwiseOperators.Create()
            .Dropout(SerialScheduler.Instance, [1f], new float[1], rate, 1, 1)).Message;
        Assert.StartsWith($"Dropout: rate is {rate.ToString(CultureInfo.InvariantCulture)}; expected at least 0 and below 1.", message,
            StringComparison.Ordinal);
    }

    private static bool[] Dropped(float rate, ulong seed, ulong counter)
    {
        var ones = new float[Length];
        Array.Fill(ones, 1f);
        ElementwiseOperators.Create().Dropout(SerialScheduler.Instance, ones, ones, rate, seed, counter);
        return Array.ConvertAll(ones, v => v == 0);
    }

    private static double Agreement(IEnumerable<bool> a, IEnumerable<bool> b)
    {
        (int same, int count) = (0, 0);
        foreach ((bool first, bool second) in a.Zip(b))
        {
            same += first == second ? 1 : 0;
            count++;
        }

        return same / (double)count;
    }

    private static void AssertShare(double expected, double share, double count, string what)
    {
        double deviations = (share - expected) / Math.Sqrt(expected * (1 - expected) / count);
        Assert.True(Math.Abs(deviations) < 5, string.Create(CultureInfo.InvariantCulture,
            $"{what}: share {share:F6}, expected {expected:F6}: {deviations:F1} standard deviations"));
    }
}
