using CnnFast.Operators;

namespace CnnFast.Kernels.Tests;

/// <summary>What tiles are chosen on processors that this may not be.</summary>
public sealed class MachineChoiceTests
{
    private const long Terms = 576;

    private static readonly CacheSizes s_caches = CacheSizes.Usual;

    private static readonly Machine s_onePort = new(new Microarchitecture("one port", 2, 1, 1), s_caches);

    private static readonly Machine s_twoPorts = new(new Microarchitecture("two ports", 2, 2, 2), s_caches);

    private static GemmKernel[] Tiles => [.. GemmKernels.All.Where(k => k.Isa is IsaLevel.Avx512 or IsaLevel.Avx2)];

    [Fact]
    public void Two_ports_of_512_bits_halve_the_cost_of_wide_tiles_alone()
    {
        GemmKernel[] wide = [.. Tiles.Where(k => k.Isa == IsaLevel.Avx512)];
        GemmKernel[] narrow = [.. Tiles.Where(k => k.Isa == IsaLevel.Avx2)];
        Assert.InRange(Cycles(s_onePort, wide) / Cycles(s_twoPorts, wide), 1.7, 2);
        Assert.Equal(Cycles(s_onePort, narrow), Cycles(s_twoPorts, narrow));
    }

    [Fact]
    public void Eight_columns_take_narrow_tiles_on_one_port_and_whole_lines_wide_ones_on_two()
    {
        Assert.All(PanelPlan.Choose(Tiles, 8, 1000, Terms, 3, s_onePort).Panels.ToArray(), panel => Assert.Equal(8, panel.Kernel.Lanes));
        Assert.All(PanelPlan.Choose(Tiles, 64, 1000, Terms, 3, s_twoPorts).Panels.ToArray(), panel => Assert.Equal(16, panel.Kernel.Lanes));
    }

    [Theory]
    [InlineData("AuthenticAMD", 0x19, 0x11, 24, 8)]
    [InlineData("AuthenticAMD", 0x1A, 0x02, 24, 16)]
    [InlineData("GenuineIntel", 6, 0xCF, 24, 16)]
    [InlineData("GenuineIntel", 6, 0x6A, 40, 16)]
    [InlineData("AuthenticAMD", 0x19, 0x11, 8, 8)]
    [InlineData("AuthenticAMD", 0x19, 0x11, 64, 16)]
    [InlineData("GenuineIntel", 6, 0xCF, 16, 16)]
    [InlineData("GenuineIntel", 6, 0xCF, 144, 16)]
    public void The_widest_panel_is_the_one_that_a_described_processor_runs_best(
        string vendor, int family, int model, int columns, int lanes)
    {
        var machine = new Machine(Microarchitecture.Find(vendor, family, model, "a processor"), s_caches);
        Assert.Equal(lanes, PanelPlan.Choose(Tiles, columns, 3136, Terms, 3, machine).Panels[0].Kernel.Lanes);
    }

    [Fact]
    public void A_dense_layer_on_one_image_has_panels_for_several_threads()
    {
        foreach (IsaLevel isa in Tiles.Select(k => k.Isa).Distinct().Where(CpuInfo.IsSupported))
        {
            foreach (int outputs in new[] { 128, 256, 1000, 4096 })
            {
                Conv2DGeometry one = Conv2DGeometry.Create(Shape.Nhwc(1, 1, 1, 9216), new FilterShape(1, 1, 9216, outputs));
                Assert.InRange(DirectConvolution.Plan(ConvolutionPass.Forward(one), isa).Panels.Length, 2, int.MaxValue);
            }
        }
    }

    private static double Cycles(Machine machine, GemmKernel[] kernels) => PanelPlan.Choose(kernels, 128, 1000, Terms, 3, machine).Cycles;
}
