using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace CnnFast.Kernels.Tests;

/// <summary>
/// The bits of all operators but the convolutions: the same at any number of threads, and those of the scalar twin of the tier.
/// </summary>
public sealed class OperatorBitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_bits_are_the_same_at_any_number_of_threads(int threads)
    {
        var scheduler = new ParallelForScheduler(threads);
        foreach (OperatorSuite.Entry entry in new OperatorSuite().Entries)
        {
            byte[] serial = entry.Bits(SerialScheduler.Instance);
            AssertSame(serial, entry.Bits(scheduler), $"{entry.Name} at {threads} threads");
        }
    }

    [Theory]
    [InlineData(IsaLevel.Avx2)]
    [InlineData(IsaLevel.Avx512)]
    [InlineData(IsaLevel.Neon)]
    public void The_fused_tiers_give_the_bits_of_the_fused_scalar_twin(IsaLevel tier)
    {
        Assert.SkipUnless(CpuInfo.IsSupported(tier), $"{tier} does not run here");
        AssertTwins(new OperatorSuite(tier), Twin<FusedScalarLanes, float, int>());
    }

    [Fact]
    public void The_512_bit_lanes_give_the_bits_of_the_fused_scalar_twin_even_where_they_are_not_accelerated() =>
        AssertTwins(Twin<Avx512Lanes, Vector512<float>, Vector512<int>>(), Twin<FusedScalarLanes, float, int>());

    [Fact]
    public void The_NEON_lanes_give_the_bits_of_the_fused_scalar_twin_on_any_processor() =>
        AssertTwins(Twin<NeonLanes, Vector128<float>, Vector128<int>>(), Twin<FusedScalarLanes, float, int>());

    [Fact]
    public void The_128_bit_tier_gives_the_bits_of_the_scalar_tier()
    {
        Assert.SkipUnless(CpuInfo.IsSupported(IsaLevel.V128), "128-bit vectors do not run here");
        AssertTwins(new OperatorSuite(IsaLevel.V128), new OperatorSuite(IsaLevel.Scalar));
    }

    [Fact]
    public void Vector_code_that_is_not_accelerated_gives_the_bits_of_the_scalar_tier() =>
        AssertTwins(Twin<V128Lanes, Vector128<float>, Vector128<int>>(), new OperatorSuite(IsaLevel.Scalar));

    [Fact]
    public void The_golden_hash_of_the_operators_with_fused_multiply_add_has_not_changed() =>
        AssertHash("E05BE82355852625", Twin<FusedScalarLanes, float, int>());

    [Fact]
    public void The_golden_hash_of_the_operators_without_fused_multiply_add_has_not_changed() =>
        AssertHash("647463997B270CB7", new OperatorSuite(IsaLevel.Scalar));

    private static OperatorSuite Twin<L, V, I>()
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(
            ElementwiseKernels.Create<L, V, I>(IsaLevel.Scalar),
            PoolKernels.Create<L, V, I>(IsaLevel.Scalar),
            SoftmaxKernels.Create<L, V, I>(IsaLevel.Scalar),
            OptimizerKernels.Create<L, V, I>(IsaLevel.Scalar));

    private static void AssertTwins(OperatorSuite suite, OperatorSuite twin)
    {
        foreach ((OperatorSuite.Entry entry, OperatorSuite.Entry other) in suite.Entries.Zip(twin.Entries))
            AssertSame(other.Bits(SerialScheduler.Instance), entry.Bits(SerialScheduler.Instance), entry.Name);
    }

    private static void AssertHash(string expected, OperatorSuite suite)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (OperatorSuite.Entry entry in suite.Entries)
            hash.AppendData(entry.Bits(SerialScheduler.Instance));
        Assert.Equal(expected, Convert.ToHexString(hash.GetCurrentHash())[..16]);
    }

    private static void AssertSame(byte[] expected, byte[] actual, string what)
    {
        int common = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(common == expected.Length && actual.Length == expected.Length,
            $"{what}: output element {common / 4} of {expected.Length / 4} has other bits");
    }
}
