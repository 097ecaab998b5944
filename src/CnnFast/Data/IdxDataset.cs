namespace CnnFast.Data;

/// <summary>Image data sets in the four IDX files of MNIST and its relatives, plain or gzip.</summary>
public static class IdxDataset
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>
    /// Reads <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and
    /// <c>t10k-labels-idx1-ubyte</c>, each plain or with <c>.gz</c> after its name (the plain one where there are both).
    /// </summary>
    /// <param name="directory">The folder that holds them.</param>
    /// <param name="classes">Number of classes, from 1 to 256: labels run from 0 to this minus 1.</param>
    /// <returns>Training and test images of one size, <c>[H, W, 1]</c>.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the message lists the names that were looked for.</exception>
    /// <exception cref="DataFormatException">A file is not a whole IDX file, or the files do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is out of range.</exception>
    public static TrainTestDatasets LoadFolder(string directory, int classes = 10)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        RequireClasses(classes);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no folder '{directory}'; expected one that holds {TrainImages}, " +
                $"{TrainLabels}, {TestImages} and {TestLabels}, plain or .gz.");
        var paths = new Dictionary<string, string>();
        var missing = new List<string>();
        foreach (string name in (ReadOnlySpan<string>)[TrainImages, TrainLabels, TestImages, TestLabels])
        {
            string path = Path.Combine(directory, name);
            string packed = path + ".gz";
            if (File.Exists(path))
                paths.Add(name, path);
            else if (File.Exists(packed))
                paths.Add(name, packed);
            else
                missing.Add($"'{name}' or '{name}.gz'");
        }

        if (missing.Count > 0)
            throw new FileNotFoundException(
                $"The folder '{directory}' lacks {string.Join(", ", missing)}; expected the four IDX files of a data set.");
        return Load((name, rank) => IdxReader.Open(paths[name], rank), classes);
    }

    /// <summary>Reads the four files from wherever a program keeps them: its resources, an archive, a network.</summary>
    /// <param name="open">Opens a file by its name without <c>.gz</c>, such as <c>train-images-idx3-ubyte</c>, at its start; plain or gzip.
    /// The stream is disposed here.</param>
    /// <param name="classes">Number of classes, from 1 to 256: labels run from 0 to this minus 1.</param>
    /// <returns>Training and test images of one size, <c>[H, W, 1]</c>.</returns>
    /// <exception cref="DataFormatException">A file is not a whole IDX file, or the files do not fit together.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is out of range.</exception>
    public static TrainTestDatasets Load(Func<string, Stream> open, int classes = 10)
    {
        ArgumentNullException.ThrowIfNull(open);
        RequireClasses(classes);
        return Load((name, rank) => new IdxReader(open(name), name, rank), classes);
    }

    private static void RequireClasses(int classes)
    {
        if (classes is < 1 or > 256)
            throw new ArgumentOutOfRangeException(nameof(classes), classes,
                $"IdxDataset: the number of classes is {classes}; expected 1 to 256.");
    }

    private static TrainTestDatasets Load(Func<string, int, IdxReader> open, int classes)
    {
        ImageDataset train = LoadPair(open, TrainImages, TrainLabels, classes, null);
        return new TrainTestDatasets(train, LoadPair(open, TestImages, TestLabels, classes, train));
    }

    private static ImageDataset LoadPair(Func<string, int, IdxReader> open, string imageFile, string labelFile, int classes,
        ImageDataset? sameSizeAs)
    {
        using IdxReader images = open(imageFile, 3);
        using IdxReader labels = open(labelFile, 1);
        if (images.Shape[0] != labels.Shape[0])
            throw new DataFormatException($"'{images.Name}' holds {images.Shape[0]} images but '{labels.Name}' holds {labels.Shape[0]} " +
                "labels; expected as many labels as images.");
        var shape = new Shape(images.Shape[1], images.Shape[2], 1);
        if (sameSizeAs is not null && shape != sameSizeAs.ImageShape)
            throw new DataFormatException($"'{images.Name}' holds images of {shape[0]}×{shape[1]}; " +
                $"expected {sameSizeAs.H}×{sameSizeAs.W}, the size of the training images.");
        return ImageDataset.Own(shape, classes, images.ReadAll(), ReadLabels(labels, classes));
    }

    private static int[] ReadLabels(IdxReader reader, int classes)
    {
        byte[] bytes = reader.ReadAll();
        var labels = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] >= classes)
                throw new DataFormatException(
                    $"'{reader.Name}': label {i} is {bytes[i]}; expected 0 to {classes - 1}, as there are {classes} classes.");
            labels[i] = bytes[i];
        }

        return labels;
    }
}
