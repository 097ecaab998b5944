using CnnFast.Operators;
using CnnFast.Reference;
using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// The bits of the element and image operators: the same at any number of threads, and those of the scalar twin
/// of the tier; no run allocates.
/// </summary>
public sealed class ElementOperatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_bits_are_the_same_at_any_number_of_threads(int threads)
    {
        var scheduler = new ParallelForScheduler(threads);
        foreach (OperatorSuite.Entry entry in new ElementOperatorSuite().Entries)
            AssertSame(entry.Bits(SerialScheduler.Instance), entry.Bits(scheduler), $"{entry.Name} at {threads} threads");
    }

    [Theory]
    [InlineData(IsaLevel.Avx2)]
    [InlineData(IsaLevel.Avx512)]
    [InlineData(IsaLevel.Neon)]
    public void The_fused_tiers_give_the_bits_of_the_fused_scalar_twin(IsaLevel tier)
    {
        Assert.SkipUnless(CpuInfo.IsSupported(tier), $"{tier} does not run here");
        AssertTwins(new ElementOperatorSuite(tier), Twin<FusedScalarLanes, float, int>());
    }

    [Fact]
    public void The_128_bit_tier_gives_the_bits_of_the_scalar_tier()
    {
        Assert.SkipUnless(CpuInfo.IsSupported(IsaLevel.V128), "128-bit vectors do not run here");
        AssertTwins(new ElementOperatorSuite(IsaLevel.V128), new ElementOperatorSuite(IsaLevel.Scalar));
    }

    [Fact]
    public void Padding_and_its_gradient_equal_the_reference()
    {
        foreach ((int top, int left, int bottom, int right) in new[] { (1, 2, 3, 4), (0, 0, 0, 0), (0, 3, 0, 0), (2, 0, 0, 1) })
        {
            var images = Shape.Nhwc(2, 3, 5, 7);
            var sides = Padding.Explicit(top, left, bottom, right);
            float[] x = SeededData.Uniform(images.ElementCount, 1), y = new float[2 * (3 + top + bottom) * (5 + left + right) * 7],
                dx = new float[x.Length];
            Array.Fill(y, float.NaN);
            var op = ZeroPadding.Create(images, sides);
            op.Run(SerialScheduler.Instance, 2, x, y);
            var expected = new double[y.Length];
            ReferenceZeroPadding2D.Forward(images, sides, SeededData.ToDouble(x), expected);
            Assert.Equal(expected, SeededData.ToDouble(y));
            float[] dy = SeededData.Uniform(y.Length, 2);
            op.Backward(SerialScheduler.Instance, 2, dy, dx);
            var gradient = new double[x.Length];
            ReferenceZeroPadding2D.Backward(images, sides, SeededData.ToDouble(dy), gradient);
            Assert.Equal(gradient, SeededData.ToDouble(dx));
        }
    }

    [Fact]
    public void No_run_allocates()
    {
        foreach (OperatorSuite.Entry entry in new ElementOperatorSuite().Entries)
        {
            entry.Run(SerialScheduler.Instance);
            long bytes = Allocations.Least(() => entry.Run(SerialScheduler.Instance));
            Assert.True(bytes == 0, $"a run of {entry.Name} allocated {bytes} bytes");
        }
    }

    private static ElementOperatorSuite Twin<L, V, I>()
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(
            ElementwiseKernels.Create<L, V, I>(IsaLevel.Scalar),
            FunctionKernels.Create<L, V, I>(IsaLevel.Scalar),
            PReLUKernels.Create<L, V, I>(IsaLevel.Scalar),
            BroadcastKernels.Create<L, V, I>(IsaLevel.Scalar),
            ResizeKernels.Create<L, V, I>(IsaLevel.Scalar));

    private static void AssertTwins(ElementOperatorSuite suite, ElementOperatorSuite twin)
    {
        Assert.Equal(suite.Entries.Count, twin.Entries.Count);
        foreach ((OperatorSuite.Entry entry, OperatorSuite.Entry other) in suite.Entries.Zip(twin.Entries))
            AssertSame(other.Bits(SerialScheduler.Instance), entry.Bits(SerialScheduler.Instance), entry.Name);
    }

    private static void AssertSame(byte[] expected, byte[] actual, string what)
    {
        int common = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(common == expected.Length && actual.Length == expected.Length,
            $"{what}: output element {common / 4} of {expected.Length / 4} has other bits");
    }
}
