using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class SquareSumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(16384)]
    [InlineData(100_003)]
    public void The_sum_is_that_of_doubles_and_has_the_same_bits_at_any_number_of_threads(int length)
    {
        float[] x = SeededData.Uniform(length, 3);
        double[] sums = new double[SquareSumOperator.Parts(length)];
        double serial = SquareSumOperator.Run(SerialScheduler.Instance, x, sums);
        double expected = x.Sum(value => (double)value * value);

        // The roundings of so many additions in another order.
        Assert.True(Math.Abs(serial - expected) <= length * 1.2e-16 * expected, $"{serial:R}, {expected:R}");
        foreach (int threads in new[] { 2, 3, 8 })
        {
            double other = SquareSumOperator.Run(WorkScheduler.Create(threads), x, sums);
            Assert.Equal(BitConverter.DoubleToInt64Bits(serial), BitConverter.DoubleToInt64Bits(other));
        }
    }

    [Fact]
    public void Large_and_tiny_elements_neither_overflow_nor_vanish()
    {
        double[] sums = new double[1];
        Assert.Equal(2.0 * float.MaxValue * float.MaxValue,
            SquareSumOperator.Run(SerialScheduler.Instance, new[] { float.MaxValue, -float.MaxValue }, sums));
        Assert.Equal((double)float.Epsilon * float.Epsilon, SquareSumOperator.Run(SerialScheduler.Instance, new[] { float.Epsilon }, sums));
        Assert.Equal(double.NaN, SquareSumOperator.Run(SerialScheduler.Instance, new[] { 1, float.NaN }, sums));
        Assert.Equal(double.PositiveInfinity, SquareSumOperator.Run(SerialScheduler.Instance, new[] { 1, float.NegativeInfinity }, sums));
        Assert.Equal("SquareSum: there is room for 1 sums, expected 2 (16385 elements).",
            Assert.Throws<ShapeException>(() => SquareSumOperator.Run(SerialScheduler.Instance, new float[16385], sums)).Message);
    }
}
