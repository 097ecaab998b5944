using System.Globalization;
using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class SoftmaxValueTests
{
    private const float Inf = float.PositiveInfinity;

    private static IEnumerable<IsaLevel> Tiers => SoftmaxKernels.All.Select(s => s.Isa).Where(CpuInfo.IsSupported);

    [Fact]
    public void Rows_sum_to_1_whatever_the_size_of_the_logits()
    {
        foreach (IsaLevel isa in Tiers)
        {
            foreach (float spread in new[] { 1e-30f, 1f, 80f, 1e6f, 1e38f })
            {
                float[] y = Softmax(isa, 5, 17, Array.ConvertAll(SeededData.Uniform(85, 3), v => v * spread));
                for (int row = 0; row < 5; row++)
                {
                    double sum = y.Skip(row * 17).Take(17).Sum(v => (double)v);
                    Assert.True(Math.Abs(sum - 1) < 17 * ErrorBound.UnitRoundoff,
                        string.Create(CultureInfo.InvariantCulture, $"{isa}: row {row} of logits within {spread} sums to {sum:G17}"));
                }
            }
        }
    }

    [Fact]
    public void A_row_without_a_finite_maximum_or_with_a_NaN_is_NaN_and_its_neighbours_are_not()
    {
        float[][] bad = [[1f, float.NaN, 2f], [Inf, 1f, 2f], [-Inf, -Inf, -Inf], [float.NaN, float.NaN, float.NaN], [-Inf, float.NaN, Inf]];
        foreach (IsaLevel isa in Tiers)
        {
            foreach (float[] row in bad)
            {
                float[] y = Softmax(isa, 3, 3, [0f, 0f, 0f, .. row, 0f, 0f, 0f]);
                Assert.All(y[3..6], v => Assert.Equal(float.NaN, v));
                Assert.All(y[..3].Concat(y[6..]), v => Assert.Equal(1f / 3f, v));
            }
        }
    }

    [Fact]
    public void An_impossible_class_has_the_probability_0()
    {
        foreach (IsaLevel isa in Tiers)
            Assert.Equal([0f, 0.5f, 0f, 0.5f], Softmax(isa, 1, 4, [-Inf, 1e30f, -1e30f, 1e30f]));
    }

    [Fact]
    public void The_loss_of_an_impossible_label_is_infinite_and_of_a_certain_one_is_0()
    {
        float[] logits = [-Inf, 5f, -Inf];
        foreach (IsaLevel isa in Tiers)
        {
            Assert.Equal(double.PositiveInfinity, Loss(isa, 3, logits, [0]).Sum);
            Assert.Equal(0, Loss(isa, 3, logits, [1]).Sum);
            Assert.Equal(0, Soft(isa, logits, [0f, 1f, 0f]));
            Assert.Equal(double.PositiveInfinity, Soft(isa, logits, [0.5f, 0.5f, 0f]));
        }
    }

    [Fact]
    public void Equal_logits_of_10_classes_lose_the_logarithm_of_10_a_row()
    {
        foreach (IsaLevel isa in Tiers)
        {
            var dx = new float[20];
            Assert.Equal(2 * Math.Log(10), Loss(isa, 10, new float[20], [3, 9], dx).Sum, 1e-6);
            Assert.Equal(-0.45f, dx[3], 1e-7f);
            Assert.Equal(0.05f, dx[4], 1e-8f);
            Assert.Equal(0, dx.Sum(v => (double)v), 1e-7);
        }
    }

    [Fact]
    public void Rows_that_do_not_count_are_not_looked_at()
    {
        float[] logits = [float.NaN, Inf, 0, 0, float.NaN, 1];
        foreach (IsaLevel isa in Tiers)
        {
            var dx = new float[6];
            (double sum, double weight) = Loss(isa, 2, logits, [255, 1, 0], dx, ignored: 255, [1, 3, 0]);
            Assert.Equal(3 * Math.Log(2), sum, 1e-6);
            Assert.Equal(3, weight);
            Assert.Equal([0, 0, 0.5f, -0.5f, 0, 0], dx);
            Assert.Equal((0, 0), Loss(isa, 2, logits, [255, 255, 255], dx, ignored: 255));
            Assert.Equal(new float[6], dx);
        }
    }

    [Fact]
    public void A_label_that_is_no_class_is_refused_with_its_row()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Loss(IsaLevel.Scalar, 3, new float[6], [2, 3])).Message;
        Assert.StartsWith("SoftmaxCrossEntropy: label 3 of row 1 was given; expected 0 to 2.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_lengths_are_refused_with_both_lengths()
    {
        string message = Assert.Throws<ShapeException>(() => SoftmaxOperator.Create()
            .Run(SerialScheduler.Instance, 2, 3, new float[6], new float[5])).Message;
        Assert.Equal("Softmax: y has 5 elements, expected 6.", message);
        message = Assert.Throws<ShapeException>(() => SoftmaxOperator.Create().Run(SerialScheduler.Instance, 0, 3, [], [])).Message;
        Assert.Equal("Softmax: 0 rows of 3 columns were given, expected at least 1 of each.", message);
    }

    private static (double Sum, double Weight) Loss(IsaLevel isa, int classes, float[] logits, int[] labels, float[]? dx = null,
        int? ignored = null, float[]? weights = null) =>
        SoftmaxCrossEntropyOperator.Create(isa).Run(SerialScheduler.Instance, new CrossEntropyArguments
        {
            Rows = labels.Length,
            Classes = classes,
            Logits = logits,
            Labels = labels,
            RowWeights = weights,
            IgnoredLabel = ignored,
            Gradient = dx,
            Scale = 1,
            IsMean = true,
        });

    private static double Soft(IsaLevel isa, float[] logits, float[] targets) =>
        SoftmaxCrossEntropyOperator.Create(isa).Run(SerialScheduler.Instance, new CrossEntropyArguments
        {
            Rows = 1,
            Classes = logits.Length,
            Logits = logits,
            Targets = targets,
            Scale = 1,
        }).Sum;

    private static float[] Softmax(IsaLevel isa, int rows, int classes, float[] x)
    {
        var y = new float[x.Length];
        SoftmaxOperator.Create(isa).Run(SerialScheduler.Instance, rows, classes, x, y);
        return y;
    }
}
