using CnnFast.Kernels;
using CnnFast.Operators;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Dense layers with weights of 16 bits: the rounding, and the same bits however they are run.</summary>
public sealed class BFloat16DenseTests
{
    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(-0f, -0f)]
    [InlineData(1.00390625f, 1f)]
    [InlineData(1.01171875f, 1.015625f)]
    [InlineData(1.00390637f, 1.0078125f)]
    [InlineData(3.4028235e38f, 3.3895314e38f)]
    [InlineData(-3.4e38f, -3.3895314e38f)]
    [InlineData(1e-40f, 0f)]
    [InlineData(-1e-40f, -0f)]
    [InlineData(1.17549435e-38f, 1.17549435e-38f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void A_weight_is_rounded_to_nearest_even(float weight, float expected)
    {
        float got = BitConverter.UInt32BitsToSingle((uint)BFloat16Kernels.Round(weight) << 16);
        Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(got));
    }

    [Fact]
    public void A_NaN_of_low_bits_stays_a_NaN() =>
        Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(
            (uint)BFloat16Kernels.Round(BitConverter.UInt32BitsToSingle(0x7F800001)) << 16)));

    [Theory]
    [InlineData(1, 70, 300)]
    [InlineData(7, 129, 33)]
    public void Tiers_that_round_alike_threads_and_batches_give_the_same_bits(int rows, int terms, int columns)
    {
        float[] x = SeededData.Uniform(rows * terms, 1), w = SeededData.Uniform(terms * columns, 2), b = SeededData.Uniform(columns, 3);
        var results = new Dictionary<bool, float[]>();
        foreach (BFloat16Kernels set in BFloat16Kernels.All.Where(set => CpuInfo.IsSupported(set.Isa)))
        {
            var pass = ConvolutionPass.Forward(
                Conv2DGeometry.Create(Shape.Nhwc(rows, 1, 1, terms), new FilterShape(1, 1, terms, columns)));
            var op = new Conv2DOperator(pass, new BFloat16Dense(pass, set, Activation.SiLU));
            var packed = new float[op.PackedFilterLength];
            for (int first = 0; first < columns; first += 50)
            {
                int count = Math.Min(50, columns - first);
                op.PackColumns(new FilterColumns(w.AsSpan(first), columns, first, count), packed);
            }

            foreach (int threads in (int[])[1, 2, 3])
            {
                var y = new float[rows * columns];
                op.Run(WorkScheduler.Create(threads), rows, x, packed, b, y, []);
                for (int row = 0; row < rows; row++)
                {
                    var alone = new float[columns];
                    op.Run(SerialScheduler.Instance, 1, x.AsSpan(row * terms, terms), packed, b, alone, []);
                    Assert.Equal(alone, y[(row * columns)..((row + 1) * columns)]);
                }

                bool isFused = Tiers.VectorsOf(set.Isa).IsFused;
                if (results.TryGetValue(isFused, out float[]? others))
                    Assert.Equal(others, y);
                results[isFused] = y;
            }
        }
    }
}
