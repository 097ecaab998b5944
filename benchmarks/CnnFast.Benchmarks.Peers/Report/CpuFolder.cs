using System.Runtime.Intrinsics.X86;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The folder of this processor's results: its name and, on AMD, its generation, which the name of a virtual machine's processor lacks.
/// </summary>
internal static class CpuFolder
{
    public static string Name { get; } = Slug(CpuInfo.Name + " " + Generation());

    /// <summary>The folder itself, which may not exist yet.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was copied out of the repository.</exception>
    public static string Path => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ShapeFile.Folder)!, "results", Name);

    private static string Slug(string text) =>
        string.Join('-', new string([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Generation()
    {
        if (!X86Base.IsSupported || !CpuInfo.Name.Contains("AMD", StringComparison.OrdinalIgnoreCase))
            return "";
        int signature = X86Base.CpuId(1, 0).Eax;
        int family = ((signature >> 8) & 15) + ((signature >> 20) & 255), model = ((signature >> 4) & 15) | ((signature >> 12) & 0xF0);
        return (family, model) switch
        {
            (0x17, < 0x30) => "zen1",
            (0x17, _) => "zen2",
            (0x19, (>= 0x10 and <= 0x1F) or (>= 0x60 and <= 0x7F) or (>= 0xA0 and <= 0xAF)) => "zen4",
            (0x19, _) => "zen3",
            (0x1A, _) => "zen5",
            _ => "",
        };
    }
}
