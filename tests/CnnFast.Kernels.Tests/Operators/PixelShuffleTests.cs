using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Shuffled pixels and adaptive pooling as operators: exact or at any number of threads the same, without allocations.</summary>
public sealed class PixelShuffleTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 3, 5, 2, 2)]
    [InlineData(1, 4, 3, 7, 3)]
    [InlineData(3, 2, 9, 17, 2)]
    public void Every_element_goes_where_the_reference_puts_it_and_back(int n, int h, int w, int channels, int factor)
    {
        var input = Shape.Nhwc(n, h, w, channels * factor * factor);
        float[] x = SeededData.Uniform(input.ElementCount, 1);
        var expected = new double[x.Length];
        ReferencePixelShuffle.Forward(input, factor, SeededData.ToDouble(x), expected);
        var op = new PixelShuffleOperator(Shape.Nhwc(n + 1, h, w, input[3]), factor);
        foreach (int threads in (int[])[1, 3])
        {
            using var y = new GuardedBuffer<float>(x.Length, GuardSide.After);
            using var dx = new GuardedBuffer<float>(x.Length, GuardSide.Before);
            op.Run(new ParallelForScheduler(threads), n, x, y.Span);
            Assert.Equal(expected, SeededData.ToDouble(y.Span.ToArray()));
            op.Backward(new ParallelForScheduler(threads), n, y.Span, dx.Span);
            Assert.Equal(x, dx.Span.ToArray());
        }

        var again = new float[x.Length];
        long bytes = Allocations.Least(() => op.Run(SerialScheduler.Instance, n, x, again));
        Assert.True(bytes == 0, $"a run allocated {bytes} bytes");
        Assert.Throws<ShapeException>(() => op.Run(SerialScheduler.Instance, n, x, new float[x.Length + 1]));
    }

    [Fact]
    public void Adaptive_pooling_has_the_same_bits_at_any_number_of_threads_and_allocates_nothing()
    {
        foreach (Pool2DCase test in Pool2DCases.Adaptive)
        {
            Pool2DGeometry g = test.Geometry;
            float[] x = test.X(), dy = test.DY();
            float[] Average(IWorkScheduler s)
            {
                float[] y = new float[g.Output.ElementCount], dx = new float[x.Length];
                AveragePool2DOperator.Create(g, false).Run(s, g.N, x, y);
                AveragePool2DBackward.Create(g, false).Run(s, g.N, dy, dx);
                return [.. y, .. dx];
            }

            float[] Max(IWorkScheduler s)
            {
                float[] y = new float[g.Output.ElementCount], dx = new float[x.Length];
                MaxPool2DOperator.Create(g).Run(s, g.N, x, y);
                MaxPool2DBackward.Create(g).Run(s, g.N, x, y, dy, dx);
                return [.. y, .. dx];
            }

            ConvolutionRuns.AssertSameBits(Average(SerialScheduler.Instance), Average(new ParallelForScheduler(3)), $"{test}");
            ConvolutionRuns.AssertSameBits(Max(SerialScheduler.Instance), Max(new ParallelForScheduler(3)), $"{test}");
            MaxPool2DBackward backward = MaxPool2DBackward.Create(g);
            float[] values = test.ExpectMaxForward(x), gradient = new float[x.Length];
            long bytes = Allocations.Least(() => backward.Run(SerialScheduler.Instance, g.N, x, values, dy, gradient));
            Assert.True(bytes == 0, $"a run allocated {bytes} bytes");
        }
    }
}
