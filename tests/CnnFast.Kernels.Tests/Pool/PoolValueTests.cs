using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class PoolValueTests
{
    private static readonly Pool2DGeometry s_geometry = Pool2DGeometry.Create(Shape.Nhwc(2, 5, 7, 3), 2, 3, 1, 2, Padding.Same);

    private static IEnumerable<IsaLevel> Tiers => PoolKernels.All.Select(s => s.Isa).Where(CpuInfo.IsSupported);

    [Fact]
    public void A_NaN_is_the_maximum_of_its_window_wherever_it_stands_and_takes_its_gradient()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 2, 2, 9), 2, 2, 2, 2);
        var dy = new float[9];
        Array.Fill(dy, 2f);
        foreach (IsaLevel isa in Tiers)
        {
            for (int at = 0; at < 4; at++)
            {
                float[] x = SeededData.Uniform(36, 1), y = new float[9], dx = new float[36];
                x.AsSpan(at * 9, 9).Fill(float.NaN);
                MaxPool2DOperator.Create(g, isa).Run(SerialScheduler.Instance, 1, x, y);
                MaxPool2DBackward.Create(g, isa).Run(SerialScheduler.Instance, 1, x, y, dy, dx);
                Assert.All(y, v => Assert.Equal(float.NaN, v));
                Assert.Equal(Enumerable.Range(0, 36).Select(i => i / 9 == at ? 2f : 0f), dx);
            }
        }
    }

    [Fact]
    public void The_first_of_equal_maxima_wins_also_between_zeros_of_both_signs()
    {
        Pool2DGeometry g = Pool2DGeometry.Create(Shape.Nhwc(1, 1, 2, 5), 1, 2, 1, 1);
        foreach (IsaLevel isa in Tiers)
        {
            float[] x = [-0f, 0f, -0f, 1f, float.NegativeInfinity, 0f, -0f, -0f, 1f, float.NegativeInfinity], y = new float[5],
                dx = new float[10];
            MaxPool2DOperator.Create(g, isa).Run(SerialScheduler.Instance, 1, x, y);
            Assert.Equal(Array.ConvertAll(x[..5], BitConverter.SingleToInt32Bits), Array.ConvertAll(y, BitConverter.SingleToInt32Bits));
            MaxPool2DBackward.Create(g, isa).Run(SerialScheduler.Instance, 1, x, y, [1, 2, 3, 4, 5], dx);
            Assert.Equal([1f, 2f, 3f, 4f, 5f, 0f, 0f, 0f, 0f, 0f], dx);
        }
    }

    [Fact]
    public void Padding_is_never_a_maximum()
    {
        float[] x = new float[s_geometry.Input.ElementCount], y = new float[s_geometry.Output.ElementCount];
        foreach (float low in new[] { -5f, float.NegativeInfinity })
        {
            Array.Fill(x, low);
            foreach (IsaLevel isa in Tiers)
            {
                MaxPool2DOperator.Create(s_geometry, isa).Run(SerialScheduler.Instance, 2, x, y);
                Assert.All(y, v => Assert.Equal(low, v));
            }
        }
    }

    [Fact]
    public void A_part_batch_leaves_no_trace_in_the_operator()
    {
        float[] x = new Pool2DCase(s_geometry, 1).X(), all = new float[s_geometry.Output.ElementCount], first = new float[all.Length / 2];
        AveragePool2DOperator op = AveragePool2DOperator.Create(s_geometry, false);
        op.Run(SerialScheduler.Instance, 1, x.AsSpan(0, x.Length / 2), first);
        op.Run(SerialScheduler.Instance, 2, x, all);
        Assert.Equal(all[..first.Length], first);
    }

    [Fact]
    public void Wrong_lengths_and_batches_are_refused_with_the_geometry()
    {
        MaxPool2DOperator op = MaxPool2DOperator.Create(s_geometry);
        var y = new float[s_geometry.Output.ElementCount];
        Assert.StartsWith("MaxPool2D: x has 209 elements, expected 210 (N2 H5 W7 C3;",
            Assert.Throws<ShapeException>(() => op.Run(SerialScheduler.Instance, 2, new float[209], y)).Message, StringComparison.Ordinal);
        Assert.StartsWith("MaxPool2D: batch is 3, expected 1 to 2 (N2 H5 W7 C3;",
            Assert.Throws<ShapeException>(() => op.Run(SerialScheduler.Instance, 3, new float[210], y)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tier_that_cannot_run_here_is_refused()
    {
        Assert.SkipWhen(CpuInfo.IsSupported(IsaLevel.Neon) && CpuInfo.IsSupported(IsaLevel.Avx2), "every tier runs here");
        IsaLevel missing = CpuInfo.IsSupported(IsaLevel.Neon) ? IsaLevel.Avx2 : IsaLevel.Neon;
        string message = Assert.Throws<ArgumentException>(() => MaxPool2DOperator.Create(s_geometry, missing)).Message;
        Assert.StartsWith($"Kernels of tier {missing} were asked for, which this processor or runtime does not support.", message,
            StringComparison.Ordinal);
    }
}
