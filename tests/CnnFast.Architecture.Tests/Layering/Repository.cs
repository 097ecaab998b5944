namespace CnnFast.Architecture.Tests;

/// <summary>The repository that this test was built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds CnnFast.sln, above the test's own.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The project files, by their path from the root, in order.</summary>
    public static IReadOnlyList<ProjectFile> Projects() =>
        [.. Files("*.csproj").Select(path => ProjectFile.Parse(path, Read(path)))];

    /// <summary>The files of a kind under the root, build outputs left out, by their path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files(string pattern) => Under(["src", "tools", "tests", "benchmarks"], pattern);

    /// <summary>The files of a kind as <see cref="Files"/> finds them, and those of docs and of the root itself.</summary>
    public static IReadOnlyList<string> TextFiles(string pattern) =>
        [.. Directory.EnumerateFiles(Root, pattern).Select(FromRoot), .. Under(["docs"], pattern), .. Files(pattern)];

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IReadOnlyList<string> Under(string[] folders, string pattern) =>
        [.. folders
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(FromRoot)
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)];

    private static string FromRoot(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CnnFast.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException(
            $"No folder above {AppContext.BaseDirectory} holds CnnFast.sln; the layering tests run from a build inside the repository.");
    }
}
