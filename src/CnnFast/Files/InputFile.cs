namespace CnnFast.Files;

/// <summary>Opens the files that a user names, and says in one sentence what is in the way.</summary>
internal static class InputFile
{
    /// <summary>Opens a file for reading from its start to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the file should be, such as <c>an IDX file</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static FileStream Open(string path, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"'{path}' is a folder; expected {expected}.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16,
                FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no file '{path}'; expected {expected}.", path, failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new UnauthorizedAccessException($"'{path}' may not be read by this user; expected {expected} that may.", failure);
        }
    }
}
