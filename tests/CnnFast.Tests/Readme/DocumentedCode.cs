namespace CnnFast.Tests;

/// <summary>The C# that pages show, and the source that compiles it.</summary>
internal static class DocumentedCode
{
    /// <summary>The text of a file of the repository.</summary>
    public static string Read(params ReadOnlySpan<string> path) => File.ReadAllText(Path.Combine([Root(), .. path]));

    /// <summary>The C# blocks of a page, in order.</summary>
    public static IEnumerable<string[]> Blocks(string page) =>
        page.Split("```csharp\n").Skip(1).Select(rest => Lines(rest[..rest.IndexOf("```", StringComparison.Ordinal)]));

    /// <summary>What stands between the comments "Example begins." and "Example ends." of a source, in order.</summary>
    public static IEnumerable<string[]> Examples(string source) =>
        source.Split("// Example begins.")
            .Skip(1)
            .Select(rest => Lines(rest[..rest.IndexOf("// Example ends.", StringComparison.Ordinal)]));

    /// <summary>The namespaces that a source uses, as lines.</summary>
    public static string[] Usings(string source) => [.. Lines(source).Where(IsUsing)];

    /// <summary>Whether a line names a namespace that is used.</summary>
    public static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal);

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    // Not the compiler's path of this file: a deterministic build maps it away.
    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CnnFast.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds CnnFast.sln.");
    }
}
