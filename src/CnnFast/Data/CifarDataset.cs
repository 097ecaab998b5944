using CnnFast.Files;

namespace CnnFast.Data;

/// <summary>
/// CIFAR-10 and CIFAR-100 (A. Krizhevsky, 2009) in their binary form: colour images of 32×32 pixels. The folder is the one that the archive
/// unpacks to.
/// </summary>
/// <remarks>
/// The format (https://www.cs.toronto.edu/~kriz/cifar.html): records of one label (CIFAR-10) or a coarse and a fine one (CIFAR-100), a byte
/// each, and 3072 bytes of pixels: 1024 red, 1024 green, 1024 blue, row by row.
/// </remarks>
public static class CifarDataset
{
    private const int Side = 32;
    private const int Plane = Side * Side;
    private const int Channels = 3;
    private const int CoarseClasses = 20;
    private const int FineClasses = 100;
    private const int Classes = 10;
    private const int MaxNamesBytes = 1 << 16;

    /// <summary>
    /// Reads <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>, <c>test_batch.bin</c> and, where it is there, <c>batches.meta.txt</c> with
    /// the names of the classes.
    /// </summary>
    /// <param name="directory">The folder that holds them.</param>
    /// <returns>Training and test images, <c>[32, 32, 3]</c>, of 10 classes.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file does not hold whole records, the files are too large, or a label is out of range.
    /// </exception>
    public static TrainTestDatasets LoadCifar10(string directory) => Load(directory,
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], "test_batch.bin", "batches.meta.txt", 1, 0, Classes);

    /// <summary>
    /// Reads <c>train.bin</c>, <c>test.bin</c> and, where it is there, <c>fine_label_names.txt</c> or <c>coarse_label_names.txt</c>.
    /// </summary>
    /// <param name="directory">The folder that holds them.</param>
    /// <param name="coarse">Whether the classes are the 20 coarse ones; else they are the 100 fine ones.</param>
    /// <returns>Training and test images, <c>[32, 32, 3]</c>.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file does not hold whole records, is too large, or a label is out of range.</exception>
    public static TrainTestDatasets LoadCifar100(string directory, bool coarse = false) => coarse
        ? Load(directory, ["train.bin"], "test.bin", "coarse_label_names.txt", 2, 0, CoarseClasses)
        : Load(directory, ["train.bin"], "test.bin", "fine_label_names.txt", 2, 1, FineClasses);

    private static TrainTestDatasets Load(string directory, string[] train, string test, string names, int labels, int label, int classes)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no folder '{directory}'; expected one that holds {string.Join(", ", train)} " +
                $"and {test}.");
        IReadOnlyList<string>? classNames = ReadNames(Path.Combine(directory, names), classes);
        return new TrainTestDatasets(
            Named(Read([.. train.Select(file => Path.Combine(directory, file))], labels, label, classes), classNames),
            Named(Read([Path.Combine(directory, test)], labels, label, classes), classNames));
    }

    private static ImageDataset Named(ImageDataset images, IReadOnlyList<string>? names) =>
        names is null ? images : images.WithClassNames(names);

    private static ImageDataset Read(string[] paths, int labelBytes, int labelAt, int classes)
    {
        int length = labelBytes + (Plane * Channels);
        long all = paths.Sum(path => File.Exists(path) ? new FileInfo(path).Length : 0);
        if (all > Array.MaxLength)
            throw new DataFormatException(
                $"'{paths[0]}'{(paths.Length == 1 ? " has" : $" and the {paths.Length - 1} files after it have")} {all} bytes; " +
                $"expected at most {Array.MaxLength}.");
        byte[][] files = [.. paths.Select(path => ReadRecords(path, length))];
        int count = files.Sum(file => file.Length / length);
        var pixels = new byte[count * Plane * Channels];
        var labels = new int[count];
        int at = 0;
        for (int f = 0; f < files.Length; f++)
        {
            for (int start = 0; start < files[f].Length; start += length)
            {
                ReadOnlySpan<byte> record = files[f].AsSpan(start, length);
                labels[at] = record[labelAt];
                if (labels[at] >= classes)
                    throw new DataFormatException($"'{paths[f]}': the label of image {start / length} is {labels[at]}; " +
                        $"expected 0 to {classes - 1}.");
                Interleave(record[labelBytes..], pixels.AsSpan(at * Plane * Channels, Plane * Channels));
                at++;
            }
        }

        return ImageDataset.Own(new Shape(Side, Side, Channels), classes, pixels, labels);
    }

    private static byte[] ReadRecords(string path, int length)
    {
        using FileStream stream = InputFile.Open(path, "a file of CIFAR in its binary form");
        if (stream.Length == 0 || stream.Length % length != 0 || stream.Length > Array.MaxLength)
            throw new DataFormatException($"'{path}' has {stream.Length} bytes; expected whole records of {length} bytes, at least one.");
        var bytes = new byte[stream.Length];
        int found = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return found == bytes.Length
            ? bytes
            : throw new DataFormatException($"'{path}' ends after {found} bytes; expected {bytes.Length}.");
    }

    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        for (int i = 0; i < Plane; i++)
        {
            for (int c = 0; c < Channels; c++)
                pixels[(i * Channels) + c] = planes[(c * Plane) + i];
        }
    }

    // The lines of the file; those of CIFAR-10 end with an empty one.
    private static string[]? ReadNames(string path, int classes)
    {
        if (!File.Exists(path))
            return null;
        if (new FileInfo(path).Length > MaxNamesBytes)
            throw new DataFormatException($"'{path}' has {new FileInfo(path).Length} bytes; expected at most {MaxNamesBytes}.");
        string[] names = [.. File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == classes && names.All(ClassNameCheck.IsName)
            ? names
            : throw new DataFormatException($"'{path}' holds {names.Length} lines; expected the names of {classes} classes, a line each.");
    }
}
