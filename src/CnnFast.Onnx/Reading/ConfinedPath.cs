
namespace CnnFast.Onnx.Reading;

/// <summary>Paths that an untrusted model gives, which must stay in its folder.</summary>
internal static class ConfinedPath
{
    private const int MaxLinks = 40;

    /// <summary>Finds the file behind a path, links followed.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="location">The path in it.</param>
    /// <param name="subject">What messages call the one that names it.</param>
    /// <returns>The file's path without links.</returns>
    /// <exception cref="DataFormatException">The path leads out of the folder.</exception>
    public static string Find(string folder, string location, string subject)
    {
        // Either slash separates on some system, and a colon names a drive or a stream on one: a model means the same everywhere.
        bool isRooted = location[0] is '/' or '\\' || location.Contains(':', StringComparison.Ordinal);
        if (isRooted || location.Contains('\0', StringComparison.Ordinal) || location.Split('/', '\\').Contains(".."))
            throw LeadsOut(location, subject);
        string home = Resolve(folder, location, subject);
        string file = Resolve(Path.Combine(folder, location), location, subject);
        string prefix = Path.EndsInDirectorySeparator(home) ? home : home + Path.DirectorySeparatorChar;
        return file.StartsWith(prefix, StringComparison.Ordinal) ? file : throw LeadsOut(location, subject);
    }

    private static string Resolve(string path, string location, string subject)
    {
        string full = Path.GetFullPath(path);
        string resolved = Path.GetPathRoot(full)!;
        var rest = new Stack<string>();
        Push(full[resolved.Length..]);
        int links = 0;
        while (rest.TryPop(out string? segment))
        {
            if (segment == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            string candidate = Path.Combine(resolved, segment);
            string? target = new FileInfo(candidate).LinkTarget;
            if (target is null)
            {
                resolved = candidate;
                continue;
            }

            if (++links > MaxLinks)
                throw new DataFormatException($"{subject} has its data in the file {Excerpt.Of(location)}, " +
                    $"a link that leads through more than {MaxLinks} links; expected a file.");
            if (Path.IsPathRooted(target))
            {
                string root = Path.GetPathRoot(target)!;
                resolved = Path.GetPathRoot(Path.GetFullPath(target))!;
                target = target[root.Length..];
            }

            Push(target);
        }

        return resolved;

        void Push(string segments)
        {
            string[] names = segments.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar],
                StringSplitOptions.RemoveEmptyEntries);
            foreach (string name in names.Reverse())
            {
                if (name != ".")
                    rest.Push(name);
            }
        }
    }

    private static DataFormatException LeadsOut(string location, string subject) =>
        new($"{subject} has its data in the file {Excerpt.Of(location)}, which is not in the model's folder; " +
            "expected a path that stays in it.");
}
