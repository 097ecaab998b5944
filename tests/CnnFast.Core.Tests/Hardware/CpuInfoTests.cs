using System.Runtime.InteropServices;

namespace CnnFast.Core.Tests;

public sealed class CpuInfoTests
{
    [Fact]
    public void The_processor_has_a_name_and_cores()
    {
        Assert.False(string.IsNullOrWhiteSpace(CpuInfo.Name));
        Assert.DoesNotContain('\0', CpuInfo.Name);
        Assert.Equal(Environment.ProcessorCount, CpuInfo.ProcessorCount);
    }

    [Fact]
    public void Scalar_kernels_run_everywhere_and_tiers_of_other_processors_nowhere()
    {
        Assert.True(CpuInfo.IsSupported(IsaLevel.Scalar));
        bool arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        Assert.False(CpuInfo.IsSupported(arm ? IsaLevel.Avx2 : IsaLevel.Neon));
        Assert.False(CpuInfo.IsSupported((IsaLevel)99));
        if (CpuInfo.IsSupported(IsaLevel.Avx512))
            Assert.True(CpuInfo.IsSupported(IsaLevel.Avx2));
        if (CpuInfo.IsSupported(IsaLevel.Avx2) || CpuInfo.IsSupported(IsaLevel.Neon))
            Assert.True(CpuInfo.IsSupported(IsaLevel.V128));
    }

    [Fact]
    public void The_tier_is_the_highest_that_is_supported()
    {
        using var scope = new EnvironmentVariableScope(CpuInfo.IsaVariable, null);
        IsaLevel[] supported = [.. Enum.GetValues<IsaLevel>().Where(CpuInfo.IsSupported)];
        Assert.All(supported, level => Assert.True(CpuInfo.Allows(CpuInfo.Isa, level), $"{CpuInfo.Isa} does not allow {level}"));
    }

    [Fact]
    public void The_table_has_each_tier_once_and_every_tier_leads_down_to_scalar()
    {
        Assert.Equal(Enum.GetValues<IsaLevel>(), IsaTiers.BestFirst.Select(tier => tier.Level).Order());
        Assert.Equal(IsaLevel.Scalar, IsaTiers.BestFirst[^1].Level);
        for (int i = 0; i < IsaTiers.BestFirst.Count; i++)
        {
            IsaTier tier = IsaTiers.BestFirst[i];
            Assert.True(IsaTiers.Allows(tier.Level, IsaLevel.Scalar), $"{tier.Level} does not lead to scalar");
            Assert.True(tier.Lower is not { } lower || IsaTiers.BestFirst.Skip(i + 1).Any(next => next.Level == lower),
                $"{tier.Level} leads up");
        }
    }

    [Fact]
    public void A_switch_of_the_runtime_gives_the_tier_that_it_names()
    {
        using var scope = new EnvironmentVariableScope(CpuInfo.IsaVariable, null);
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0")
            Assert.Equal(IsaLevel.Scalar, CpuInfo.Isa);
        else if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0")
            Assert.Equal(IsaLevel.V128, CpuInfo.Isa);
        else
            Assert.NotEqual(IsaLevel.Scalar, CpuInfo.Isa);
    }

    [Fact]
    public void The_environment_limits_the_tier()
    {
        foreach (IsaLevel level in Enum.GetValues<IsaLevel>())
        {
            using var scope = new EnvironmentVariableScope(CpuInfo.IsaVariable, level.ToString().ToUpperInvariant());
            if (CpuInfo.IsSupported(level))
            {
                Assert.Equal(level, CpuInfo.Isa);
            }
            else
            {
                var error = Assert.Throws<InvalidOperationException>(() => CpuInfo.Isa);
                Assert.StartsWith($"CNNFAST_ISA is '{level.ToString().ToUpperInvariant()}', which this processor or runtime does not " +
                    "support; it supports up to ", error.Message);
            }
        }
    }

    [Theory]
    [InlineData("sse9")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("+1")]
    [InlineData("Scalar,V128")]
    [InlineData(" ")]
    public void A_name_that_is_no_tier_is_one_sentence(string text)
    {
        using var scope = new EnvironmentVariableScope(CpuInfo.IsaVariable, text);
        var error = Assert.Throws<InvalidOperationException>(() => CpuInfo.Isa);
        Assert.Equal($"CNNFAST_ISA is '{text}'; expected one of Scalar, V128, Avx2, Avx512, Neon.", error.Message);
    }

    [Fact]
    public void A_limit_allows_the_tiers_that_its_processors_have()
    {
        Dictionary<IsaLevel, IsaLevel[]> allowed = new()
        {
            [IsaLevel.Scalar] = [IsaLevel.Scalar],
            [IsaLevel.V128] = [IsaLevel.Scalar, IsaLevel.V128],
            [IsaLevel.Avx2] = [IsaLevel.Scalar, IsaLevel.V128, IsaLevel.Avx2],
            [IsaLevel.Avx512] = [IsaLevel.Scalar, IsaLevel.V128, IsaLevel.Avx2, IsaLevel.Avx512],
            [IsaLevel.Neon] = [IsaLevel.Scalar, IsaLevel.V128, IsaLevel.Neon],
        };
        foreach (IsaLevel limit in Enum.GetValues<IsaLevel>())
        {
            IsaLevel[] kernels = [.. Enum.GetValues<IsaLevel>().Where(kernel => CpuInfo.Allows(limit, kernel))];
            Assert.Equal(allowed[limit].Where(CpuInfo.IsSupported), kernels);
        }
    }
}
