namespace CnnFast;

/// <summary>How many vector instructions a core starts in a cycle.</summary>
/// <param name="Name">The name of the design.</param>
/// <param name="Fma256">Multiply-adds on 256 bits; 128-bit ones are always two.</param>
/// <param name="Fma512">Multiply-adds on 512 bits.</param>
/// <param name="Loads512">Loads of 512 bits; shorter ones are always two.</param>
internal sealed record Microarchitecture(string Name, int Fma256, int Fma512, int Loads512)
{
    /// <summary>Taken where the processor is not in the table: 512 bits count no more than two 256-bit halves.</summary>
    public static Microarchitecture Unknown { get; } = new("unknown", 2, 1, 1);

    /// <summary>
    /// The table, by CPUID's vendor, family and model. Sources: Agner Fog, "The microarchitecture of Intel, AMD and VIA CPUs", and the
    /// vendors' optimization manuals (Intel 248966, AMD 56305, 57647, 58455).
    /// </summary>
    /// <param name="vendor">The vendor's twelve letters.</param>
    /// <param name="family">The family, extended.</param>
    /// <param name="model">The model, extended.</param>
    /// <param name="brand">The processor's name: the first Skylake servers differ in nothing else.</param>
    public static Microarchitecture Find(string vendor, int family, int model, string brand) => (vendor, family) switch
    {
        ("AuthenticAMD" or "HygonGenuine", 0x17 or 0x18) => FirstZen(model),
        ("AuthenticAMD", 0x19) => ThirdZen(model),
        ("AuthenticAMD", 0x1A) => FifthZen(model),
        ("GenuineIntel", 6) => Intel(model, brand),
        _ => Unknown,
    };

    // Zen and Zen+ do 256 bits as two halves.
    private static Microarchitecture FirstZen(int model) => model < 0x30 ? new("Zen", 1, 1, 1) : new("Zen 2", 2, 1, 1);

    private static Microarchitecture ThirdZen(int model) =>
        model is (>= 0x10 and <= 0x1F) or (>= 0x60 and <= 0x7F) or (>= 0xA0 and <= 0xAF) ? new("Zen 4", 2, 1, 1) : new("Zen 3", 2, 1, 1);

    // The mobile parts (Strix Point, Krackan) have data paths of half the width.
    private static Microarchitecture FifthZen(int model) =>
        model is (>= 0x20 and <= 0x2F) or (>= 0x60 and <= 0x6F) ? new("Zen 5 mobile", 2, 1, 1) : new("Zen 5", 2, 2, 2);

    private static Microarchitecture Intel(int model, string brand) => model switch
    {
        0x55 => new("Skylake server", 2, HasOnePort(brand) ? 1 : 2, 2),
        0x6A or 0x6C => new("Ice Lake server", 2, 2, 2),
        0x8F or 0xCF => new("Sapphire Rapids", 2, 2, 2),
        0xAD or 0xAE => new("Granite Rapids", 2, 2, 2),
        0x7D or 0x7E or 0x8C or 0x8D or 0xA7 => new("Ice Lake client", 2, 1, 2),
        _ => new("Intel", 2, 1, 2),
    };

    // Of Skylake, Cascade Lake and Cooper Lake, Bronze, Silver and Gold 5 lack the second 512-bit port, Gold 5122 and 5222 left out.
    private static bool HasOnePort(string brand) =>
        brand.Contains("Bronze", StringComparison.Ordinal) || brand.Contains("Silver", StringComparison.Ordinal)
        || (brand.Contains("Gold 5", StringComparison.Ordinal)
            && !brand.Contains("Gold 5122", StringComparison.Ordinal)
            && !brand.Contains("Gold 5222", StringComparison.Ordinal));
}
