namespace CnnFast.Core.Tests;

/// <summary>The repository that this test was built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds CnnFast.sln, above the test's own.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The project files, by their path from the root, in order.</summary>
    public static IReadOnlyList<ProjectFile> Projects() =>
        [.. Files("*.csproj").Select(path => ProjectFile.Parse(path, Read(path)))];

    /// <summary>The files of a kind under the root, build outputs left out, by their path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files(string pattern) =>
        [.. ((string[])["src", "tools", "tests", "benchmarks"])
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)];

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CnnFast.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds CnnFast.sln; the layering tests run from a build inside the repository.");
    }
}
