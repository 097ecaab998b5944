using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>What the operators of losses add to the kernels: weights, labels, parts of the work.</summary>
public sealed class LossOperatorTests
{
    private const int Count = 7;
    private const int PerSample = 3 * 701;

    private static readonly float[] s_x = Array.ConvertAll(SeededData.Uniform(Count * PerSample, 1), value => 4 * value);
    private static readonly int[] s_labels = SeededData.Integers(Count * PerSample, 2, 2);
    private static readonly float[] s_targets = Array.ConvertAll(s_labels, label => (float)label);
    private static readonly float[] s_positive = [0.5f, 1, 2];
    private static readonly float[] s_weights = [1, 0, 2, 0.5f, 1, 1, 3];

    [Fact]
    public void Losses_have_the_same_bits_at_any_number_of_threads_and_allocate_nothing()
    {
        float[] dx = new float[s_x.Length], expected = [];
        double sum = double.NaN;
        foreach (IWorkScheduler scheduler in new IWorkScheduler[] { SerialScheduler.Instance, new ParallelForScheduler(2),
            new ParallelForScheduler(3) })
        {
            double again = Run(scheduler, s_x, dx, s_weights, s_positive);
            if (expected.Length == 0)
            {
                (sum, expected) = (again, [.. dx]);
                Assert.Equal(0, Allocations.Least(() => Run(scheduler, s_x, dx, s_weights, s_positive)));
            }

            Assert.Equal(sum, again);
            Assert.Equal(expected, dx);
        }
    }

    [Fact]
    public void Labels_are_targets_of_0_and_1()
    {
        float[] dx = new float[s_x.Length], fromLabels = new float[s_x.Length];
        double sum = Run(SerialScheduler.Instance, s_x, dx, [], []);
        var labels = new ElementLossArguments
        {
            Count = Count,
            Outputs = s_x,
            Labels = s_labels,
            Gradient = fromLabels,
            Scale = 0.5f,
        };
        Assert.Equal(sum, ElementLossOperator<BinaryCrossEntropyLoss>.Default.Run(SerialScheduler.Instance, default, labels));
        Assert.Equal(dx, fromLabels);
    }

    [Fact]
    public void A_weight_counts_a_sample_that_often_and_0_leaves_it_out_whatever_it_holds()
    {
        float[] dx = new float[s_x.Length], one = new float[PerSample], x = [.. s_x];
        x.AsSpan(PerSample, PerSample).Fill(float.NaN);
        double sum = Run(SerialScheduler.Instance, x, dx, s_weights, [2]);
        double expected = 0;
        for (int sample = 0; sample < Count; sample++)
        {
            ReadOnlySpan<float> own = s_x.AsSpan(sample * PerSample, PerSample);
            expected += s_weights[sample] * ElementLossOperator<BinaryCrossEntropyLoss>.Default.Run(SerialScheduler.Instance, default,
                new ElementLossArguments
                {
                    Count = 1,
                    Outputs = own,
                    Targets = s_targets.AsSpan(sample * PerSample, PerSample),
                    PositiveWeights = [2],
                    Gradient = one,
                    Scale = 0.5f,
                });
            for (int i = 0; i < PerSample; i++)
                Assert.Equal(one[i] * s_weights[sample], dx[(sample * PerSample) + i], 1e-6f);
        }

        Assert.Equal(expected, sum, 1e-3);
    }

    [Theory]
    [InlineData(IsaLevel.Avx512, IsaLevel.Avx2)]
    [InlineData(IsaLevel.V128, IsaLevel.Scalar)]
    public void Tiers_with_the_same_terms_give_the_same_bits_for_few_and_many_classes(IsaLevel tier, IsaLevel other)
    {
        Assert.SkipUnless(CpuInfo.IsSupported(tier) && CpuInfo.IsSupported(other), $"{tier} or {other} does not run here");
        foreach (int classes in new[] { 2, 3, 8, 9, 21 })
        {
            float[] dx = new float[77 * classes], dy = new float[77 * classes];
            int[] labels = SeededData.Integers(77, classes, 3);
            foreach (float focus in new[] { 0f, 1.5f })
                Assert.Equal(CrossEntropy(tier, classes, labels, dx, focus), CrossEntropy(other, classes, labels, dy, focus));
            Assert.Equal(dx, dy);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        Assert.Equal("BinaryCrossEntropy: sample weights has 2 elements, expected 7.",
            Assert.Throws<ShapeException>(() => Run(SerialScheduler.Instance, s_x, [], [1, 2], [])).Message);
        Assert.Equal("BinaryCrossEntropy: 2 positive weights were given for 2103 outputs, expected a divisor.",
            Assert.Throws<ShapeException>(() => Run(SerialScheduler.Instance, s_x, [], [], [1, 2])).Message);
        Assert.StartsWith("Huber: label 2 at 1 was given; expected 0 or 1.", Assert.Throws<ArgumentOutOfRangeException>(() =>
            ElementLossOperator<HuberLoss>.Default.Run(SerialScheduler.Instance, new HuberLoss(1), new ElementLossArguments
            {
                Count = 1,
                Outputs = [1, 2],
                Labels = [0, 2],
                Scale = 1,
            })).Message, StringComparison.Ordinal);
    }

    private static double CrossEntropy(IsaLevel isa, int classes, int[] labels, float[] dx, float focus) =>
        SoftmaxCrossEntropyOperator.Create(isa).Run(SerialScheduler.Instance, new CrossEntropyArguments
        {
            Rows = labels.Length,
            Classes = classes,
            Logits = s_x.AsSpan(0, dx.Length),
            Labels = labels,
            Smoothing = focus == 0 ? 0.1f : 0,
            Focus = focus,
            Gradient = dx,
            Scale = 1,
        }).Sum;

    private static double Run(IWorkScheduler scheduler, float[] x, float[] dx, float[] weights, float[] positive) =>
        ElementLossOperator<BinaryCrossEntropyLoss>.Default.Run(scheduler, default, new ElementLossArguments
        {
            Count = Count,
            Outputs = x,
            Targets = s_targets,
            SampleWeights = weights,
            PositiveWeights = positive,
            Gradient = dx,
            Scale = 0.5f,
        });
}
