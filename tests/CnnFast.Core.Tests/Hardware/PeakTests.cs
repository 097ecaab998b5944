namespace CnnFast.Core.Tests;

/// <summary>The rulers that percentages are measured with.</summary>
public sealed class PeakTests
{
    [Theory]
    [InlineData(IsaLevel.Avx512, "512-bit fused", "256-bit fused")]
    [InlineData(IsaLevel.Avx2, "256-bit fused")]
    [InlineData(IsaLevel.Neon, "128-bit fused")]
    [InlineData(IsaLevel.V128, "128-bit multiply, add")]
    [InlineData(IsaLevel.Scalar, "scalar multiply, add")]
    public void A_tier_is_measured_at_the_widths_of_its_kernels(IsaLevel tier, params string[] names)
    {
        IReadOnlyList<FmaPeak.Form> forms = FmaPeak.FormsOf(tier);
        Assert.Equal(names, forms.Select(form => form.Name));
        if (!CpuInfo.IsSupported(tier))
            return;
        int[] lanes = tier == IsaLevel.Avx512 ? [16, 8] : tier == IsaLevel.Avx2 ? [8] : tier == IsaLevel.Scalar ? [1] : [4];
        Assert.Equal(lanes.Select(count => 2.0 * 12 * count * 1000), forms.Select(form => form.Run(1000)));
    }

    [Fact]
    public void The_peak_is_one_of_its_forms_and_a_possible_rate()
    {
        Assert.Contains(FmaPeak.Name, FmaPeak.FormsOf(CpuInfo.Isa).Select(form => form.Name));
        Assert.InRange(FmaPeak.MeasureGflops(), 0.1, 1000);
    }

    [Fact]
    public void Memory_is_read_at_a_possible_rate()
    {
        Assert.InRange(ReadBandwidth.MeasureGigabytes(ReadBandwidth.CacheBytes, 1), 0.1, 10_000);
        Assert.InRange(ReadBandwidth.MeasureGigabytes(5000, 3), 0.1, 30_000);
        Assert.InRange(ReadBandwidth.MemoryBytes(1), 64L << 20, 256L << 20);
        foreach (int threads in (int[])[2, 16, 128])
            Assert.True(ReadBandwidth.MemoryBytes(threads) >= 4L * Machine.Current.L2Bytes, $"{threads} threads");
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadBandwidth.MemoryBytes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadBandwidth.MeasureGigabytes(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadBandwidth.MeasureGigabytes(long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadBandwidth.MeasureGigabytes(4096, 0));
    }

    [Fact]
    public void A_description_names_processor_and_design()
    {
        Assert.StartsWith(CpuInfo.Name, CpuInfo.Description, StringComparison.Ordinal);
        if (Machine.Current.Design != "unknown")
            Assert.EndsWith($"({Machine.Current.Design})", CpuInfo.Description, StringComparison.Ordinal);
    }
}
