using CnnFast.Data;

namespace CnnFast.Images;

/// <summary>Finds the classes of a folder: the folders in it, each with pictures.</summary>
internal static class ClassFolders
{
    /// <summary>The names of the classes, the pictures of all, and the class of each.</summary>
    /// <exception cref="DataFormatException">There are no folders or one, a class has no picture, or a folder is of no class.</exception>
    public static (IReadOnlyList<string> Names, List<PictureFile> Files, List<int> Labels) Find(string directory,
        IReadOnlyList<string>? classNames)
    {
        string[] folders = PictureFolder.Folders(directory);
        if (folders.Length == 0)
            throw new DataFormatException($"'{directory}' holds no folders; expected one with pictures for each class.");
        string[] names = classNames is null ? [.. folders.Select(folder => Path.GetFileName(folder))] : [.. classNames];
        if (classNames is null && folders.Length == 1)
            throw new DataFormatException($"'{directory}' holds one folder, {Excerpt.Of(names[0])}, and so one class; " +
                "expected a folder with pictures for each of at least two, or PictureOptions.ClassNames.");
        if (names.FirstOrDefault(name => !ClassNameCheck.IsName(name)) is { } bad)
            throw new DataFormatException($"'{directory}': the class {Excerpt.Of(bad)} has a name that no class can have; " +
                "expected 1 to 200 characters that can be printed.");
        var files = new List<PictureFile>();
        var labels = new List<int>();
        foreach (string folder in folders)
        {
            int label = Array.IndexOf(names, Path.GetFileName(folder));
            if (label < 0)
                throw new DataFormatException($"'{folder}' is a folder of no class; expected {string.Join(", ", names)}.");
            PictureFile[] found = PictureFolder.Files(folder, directory);
            if (found.Length == 0 && classNames is null)
                throw new DataFormatException($"'{folder}' holds no picture ({PictureFolder.Extensions}); " +
                    "expected at least one for each class.");
            files.AddRange(found);
            labels.AddRange(Enumerable.Repeat(label, found.Length));
        }

        return files.Count > 0
            ? (Array.AsReadOnly(names), files, labels)
            : throw new DataFormatException($"'{directory}' holds no picture ({PictureFolder.Extensions}); expected at least one.");
    }

    /// <summary>Throws where a class has lost all its pictures.</summary>
    /// <exception cref="DataFormatException">A class has no picture left.</exception>
    public static void RequireAll(string directory, IReadOnlyList<string> names, ReadOnlySpan<int> labels, int skipped)
    {
        for (int label = 0; label < names.Count; label++)
        {
            if (!labels.Contains(label))
                throw new DataFormatException($"'{Path.Combine(directory, names[label])}' holds no picture that can be read " +
                    $"({skipped} were skipped); expected at least one for each class.");
        }
    }
}
