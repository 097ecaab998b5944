using System.IO.Enumeration;

namespace CnnFast.Images;

/// <summary>Finds the picture files of a folder.</summary>
internal static class PictureFolder
{
    /// <summary>What the names of picture files end with, in messages.</summary>
    public const string Extensions = ".png, .jpg, .jpeg, .bmp or .webp";

    private static readonly string[] s_extensions = [".png", ".jpg", ".jpeg", ".bmp", ".webp"];

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static void Require(string directory, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException(File.Exists(directory)
                ? $"'{directory}' is a file; expected {expected}."
                : $"There is no folder '{directory}'; expected {expected}.");
    }

    /// <summary>
    /// The folders in a folder by the order of their names' characters, without those whose name begins with a point; links to folders are
    /// not followed.
    /// </summary>
    public static string[] Folders(string directory) =>
    [
        .. Directory.EnumerateDirectories(directory)
            .Where(path => Path.GetFileName(path)[0] != '.' && (File.GetAttributes(path) & FileAttributes.ReparsePoint) == 0)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The picture files of a folder and the folders in it, by the order of their names' characters. Hidden ones are left out; links to
    /// folders are not followed.
    /// </summary>
    public static PictureFile[] Files(string directory, string root) => Files(directory, root, s_extensions);

    /// <summary>The files whose names end in one of some ways.</summary>
    public static PictureFile[] Files(string directory, string root, string[] extensions)
    {
        var found = new FileSystemEnumerable<string>(directory, (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsPicture(entry.FileName, extensions),
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0 && entry.FileName[0] != '.',
        };
        return [.. found.Select(path => new PictureFile(path, Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/')))
            .OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    private static bool IsPicture(ReadOnlySpan<char> name, string[] extensions)
    {
        if (name[0] == '.')
            return false;
        ReadOnlySpan<char> extension = Path.GetExtension(name);
        foreach (string known in extensions)
        {
            if (extension.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
