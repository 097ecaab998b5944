using System.Text;

namespace CnnFast.Core.Tests;

public sealed class MachineTests
{
    [Theory]
    [InlineData("AuthenticAMD", 0x17, 0x08, "", "Zen", 1, 1)]
    [InlineData("AuthenticAMD", 0x17, 0x31, "", "Zen 2", 2, 1)]
    [InlineData("AuthenticAMD", 0x19, 0x01, "", "Zen 3", 2, 1)]
    [InlineData("AuthenticAMD", 0x19, 0x11, "", "Zen 4", 2, 1)]
    [InlineData("AuthenticAMD", 0x19, 0x61, "", "Zen 4", 2, 1)]
    [InlineData("AuthenticAMD", 0x1A, 0x02, "", "Zen 5", 2, 2)]
    [InlineData("AuthenticAMD", 0x1A, 0x44, "", "Zen 5", 2, 2)]
    [InlineData("AuthenticAMD", 0x1A, 0x24, "", "Zen 5 mobile", 2, 1)]
    [InlineData("GenuineIntel", 6, 0x55, "Intel(R) Xeon(R) Platinum 8280", "Skylake server", 2, 2)]
    [InlineData("GenuineIntel", 6, 0x55, "Intel(R) Xeon(R) Silver 4110", "Skylake server", 2, 1)]
    [InlineData("GenuineIntel", 6, 0x6A, "", "Ice Lake server", 2, 2)]
    [InlineData("GenuineIntel", 6, 0x8F, "", "Sapphire Rapids", 2, 2)]
    [InlineData("GenuineIntel", 6, 0xA7, "", "Ice Lake client", 2, 1)]
    [InlineData("GenuineIntel", 6, 0x9E, "", "Intel", 2, 1)]
    [InlineData("CentaurHauls", 7, 0x3B, "", "unknown", 2, 1)]
    public void The_table_knows_a_processor(string vendor, int family, int model, string brand, string design, int fma256, int fma512)
    {
        Machine machine = Machine.FromCpuId((leaf, _) => Identity(leaf, vendor, family, model), brand);
        Assert.Equal(design, machine.Design);
        Assert.Equal(fma256, machine.FmasPerCycle(256));
        Assert.Equal(fma512, machine.FmasPerCycle(512));
        Assert.Equal(2, machine.FmasPerCycle(128));
        Assert.Equal((32 * 1024, 1024 * 1024, 32 * 1024 * 1024), (machine.L1DataBytes, machine.L2Bytes, machine.L3Bytes));
    }

    [Theory]
    [InlineData("GenuineIntel", 4u)]
    [InlineData("AuthenticAMD", 0x8000001Du)]
    public void The_caches_are_those_that_the_processor_tells(string vendor, uint leaf)
    {
        // Level-1 data 48 KB in 12 ways, level-1 instructions, level 2 2 MB in 16 ways, level 3 105 MB in 15 ways.
        CpuIdRegisters[] caches =
        [
            Cache(type: 1, level: 1, ways: 12, sets: 64),
            Cache(type: 2, level: 1, ways: 8, sets: 64),
            Cache(type: 3, level: 2, ways: 16, sets: 2048),
            Cache(type: 3, level: 3, ways: 15, sets: 114_688),
        ];
        Machine machine = Machine.FromCpuId(
            (asked, index) => asked == leaf ? index < 4 ? caches[index] : default : Identity(asked, vendor, 6, 0x8F),
            "");
        Assert.Equal((48 * 1024, 2 * 1024 * 1024, 105 * 1024 * 1024), (machine.L1DataBytes, machine.L2Bytes, machine.L3Bytes));
    }

    [Fact]
    public void This_machine_is_possible()
    {
        Machine machine = Machine.Current;
        Assert.InRange(machine.L1DataBytes, 8 * 1024, 1024 * 1024);
        Assert.InRange(machine.L2Bytes, machine.L1DataBytes, 64 * 1024 * 1024);
        Assert.InRange(machine.FmasPerCycle(machine.VectorBits), 1, 2);
        Assert.Contains(machine.VectorBits, new[] { 128, 256, 512 });
        Assert.Contains(machine.VectorRegisters, new[] { 16, 32 });
    }

    private static CpuIdRegisters Cache(int type, int level, int ways, int sets) =>
        new(type | (level << 5), ((ways - 1) << 22) | 63, sets - 1, 0);

    private static CpuIdRegisters Identity(uint leaf, string vendor, int family, int model)
    {
        byte[] letters = Encoding.ASCII.GetBytes(vendor);
        int plain = Math.Min(family, 0xF);
        int signature = (plain << 8) | ((family - plain) << 20) | ((model & 0xF) << 4) | ((model >> 4) << 16);
        return leaf switch
        {
            0 => new(0x20, BitConverter.ToInt32(letters, 0), BitConverter.ToInt32(letters, 8), BitConverter.ToInt32(letters, 4)),
            1 => new(signature, 0, 0, 0),
            0x80000000 => new(unchecked((int)0x80000022), 0, 0, 0),
            _ => default,
        };
    }
}
