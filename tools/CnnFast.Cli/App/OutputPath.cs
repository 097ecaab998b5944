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
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full) || Path.EndsInDirectorySeparator(path))
            throw new InputException($"{option} is '{path}', a folder; expected the path of a file.");
        string folder = Path.GetDirectoryName(full) ?? throw new InputException($"{option} is '{path}'; expected the path of a file.");
        if (!Directory.Exists(folder))
            throw new InputException($"{option} is '{path}', but there is no folder '{folder}'; create it first.");
        if (File.Exists(full) && (File.GetAttributes(full) & FileAttributes.ReadOnly) != 0)
            throw new InputException($"{option} is '{path}', a read-only file; expected one that may be replaced.");
        try
        {
            string probe = Path.Combine(folder, $".cnnfast.{Path.GetRandomFileName()}.tmp");
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option} is '{path}', but no file can be written in '{folder}'; choose another folder.", exception);
        }

        return full;
    }
}
