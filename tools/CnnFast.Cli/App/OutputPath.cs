using CnnFast.Files;

namespace CnnFast.Cli;

/// <summary>Checks, before the work starts, that its result can be written.</summary>
internal static class OutputPath
{
    /// <summary>The absolute path of a file that can be written.</summary>
    /// <param name="option">The option that gave it, such as <c>--out</c>.</param>
    /// <param name="path">The path as given.</param>
    /// <exception cref="InputException">It cannot be written; the sentence says why.</exception>
    public static string RequireWritable(string option, string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new InputException($"{option} is '{path.Replace('\0', '?')}'; expected the path of a file.");
        if (path == StandardFiles.Dash)
            throw new InputException($"{option} is '-', and goes to a file alone; expected its path ('./-' for a file of that name).");
        try
        {
            AtomicFile.RequireWritable(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option}: {exception.Message}", exception);
        }

        return Path.GetFullPath(path);
    }

    /// <summary>Refuses to write a result over what it is made from.</summary>
    /// <param name="option">The option that gave the result's file.</param>
    /// <param name="path">The file of the result.</param>
    /// <param name="source">What gave the other file, such as <c>MODEL</c>.</param>
    /// <param name="other">The other file; null where there is none.</param>
    /// <exception cref="InputException">They are one file.</exception>
    public static void RequireOther(string option, string path, string source, string? other)
    {
        if (!string.IsNullOrEmpty(other) && Path.GetFullPath(other) == Path.GetFullPath(path))
            throw new InputException($"{option} is '{path}', the file of {source}; expected another.");
    }

    /// <summary>A folder, which is created where it is not there.</summary>
    /// <param name="option">The option that gave it.</param>
    /// <param name="path">The path as given.</param>
    /// <exception cref="InputException">It cannot be created; the sentence says why.</exception>
    public static string RequireFolder(string option, string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new InputException($"{option} is '{path.Replace('\0', '?')}'; expected the path of a folder.");
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option}: {exception.Message}", exception);
        }
    }

    /// <summary>The absolute path of a page that can be written.</summary>
    /// <exception cref="InputException">It cannot, or its name does not end in .html.</exception>
    public static string RequirePage(string option, string path) =>
        RequireWritable(option, path == StandardFiles.Dash ? path : RequireEnding(option, path, ".html"));

    /// <summary>Refuses a name that does not end as the files of its kind do.</summary>
    /// <exception cref="InputException">It ends otherwise.</exception>
    public static string RequireEnding(string option, string path, string ending) =>
        path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)
            ? path
            : throw new InputException($"{option} is '{path}'; expected a name that ends in {ending}.");
}
