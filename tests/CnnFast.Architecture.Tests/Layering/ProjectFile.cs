using System.Xml.Linq;

namespace CnnFast.Architecture.Tests;

/// <summary>What a project file says that the layering rules ask for.</summary>
/// <param name="Path">The path from the root of the repository, such as <c>src/CnnFast/CnnFast.csproj</c>.</param>
/// <param name="References">Projects that it references, by name.</param>
/// <param name="Packages">Packages that reach those who use the project.</param>
/// <param name="Friends">Assemblies that see its internals.</param>
/// <param name="AllowsUnsafe">Whether unsafe code compiles; null where the project does not say.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> References, IReadOnlyList<string> Packages,
    IReadOnlyList<string> Friends, bool? AllowsUnsafe)
{
    /// <summary>The project's name.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Reads a project file.</summary>
    public static ProjectFile Parse(string path, string xml)
    {
        XElement root = XDocument.Parse(xml).Root!;
        string? allowsUnsafe = root.Descendants("AllowUnsafeBlocks").LastOrDefault()?.Value;
        return new ProjectFile(
            path,
            [.. root.Descendants("ProjectReference")
                .Select(e => System.IO.Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/')))],
            [.. root.Descendants("PackageReference").Where(e => !IsPrivate(e)).Select(e => e.Attribute("Include")!.Value)],
            [.. root.Descendants("InternalsVisibleTo").Select(e => e.Attribute("Include")!.Value)],
            allowsUnsafe is null ? null : bool.Parse(allowsUnsafe));
    }

    private static bool IsPrivate(XElement package) =>
        string.Equals(package.Attribute("PrivateAssets")?.Value ?? package.Element("PrivateAssets")?.Value, "all",
            StringComparison.OrdinalIgnoreCase);
}
