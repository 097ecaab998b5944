using System.Buffers;
using System.Collections.ObjectModel;
using CnnFast.Data;

namespace CnnFast.Images;

/// <summary>
/// Pictures in files as a data set of images of one shape. Files are read when they are asked for, so that there may be more than memory
/// holds; small sets stay in memory once they were read, and a cache on disk saves the decoding (<see cref="PictureOptions"/>). The order
/// is that of the names' characters, on every machine. Immutable and thread-safe as long as nobody writes to the files.
/// </summary>
/// <example>
/// <code>
/// var photos = PictureDataset.OpenFolder("photos", new PictureOptions(96, 96));   // photos/cat/*.jpg, photos/dog/*.png, …
/// IReadOnlyList&lt;IImageDataset&gt; parts = photos.SplitStratified(seed: 1, 0.8, 0.2);
/// </code>
/// </example>
public sealed class PictureDataset : IImageDataset
{
    private readonly PictureStore _images;
    private readonly PictureStore? _masks;
    private readonly SampleTargets? _targets;
    private readonly int _ignoredLabel;

    private PictureDataset(PictureOptions options, PictureFile[] files, PictureStore images, SampleTargets targets,
        IReadOnlyList<string>? classNames, IReadOnlyList<SkippedPicture> skipped)
        : this(options, files, images, [targets.Info], classNames, skipped) => _targets = targets;

    private PictureDataset(PictureOptions options, PictureFile[] files, PictureStore images, PictureStore masks, MaskOptions classes,
        IReadOnlyList<SkippedPicture> skipped)
        : this(options, files, images, [TargetInfo.Labels(new Shape(options.Height, options.Width), classes.Classes)], classes.ClassNames,
            skipped) => (_masks, _ignoredLabel) = (masks, classes.IgnoredLabel);

    private PictureDataset(PictureOptions options, PictureFile[] files, PictureStore images, IReadOnlyList<TargetInfo> targets,
        IReadOnlyList<string>? classNames, IReadOnlyList<SkippedPicture> skipped)
    {
        ImageShape = options.ImageShape;
        Files = Array.AsReadOnly(files.Select(file => file.Path).ToArray());
        Targets = targets;
        ClassNames = classNames;
        Skipped = skipped;
        _images = images;
    }

    /// <inheritdoc/>
    public int Count => Files.Count;

    /// <inheritdoc/>
    public Shape ImageShape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TargetInfo> Targets { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The file of every image, in order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The pictures that were left out; none where <see cref="PictureOptions.Unreadable"/> is to stop.</summary>
    public IReadOnlyList<SkippedPicture> Skipped { get; }

    /// <summary>
    /// Opens a folder that has a folder of pictures for each class; what is in folders below counts too. Other files, links to folders, and
    /// what has a name that begins with a point, are left out.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="options">The size of the images and how pictures become images.</param>
    /// <param name="cancellationToken">Ends the opening with an exception, where it decodes pictures.</param>
    /// <returns>The data set: one label a picture, classes are called as their folders.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="DataFormatException">There are no folders, or one and no <see cref="PictureOptions.ClassNames"/>, a class has no
    /// picture, a folder is of no class, or a picture cannot be read and is not to be skipped.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PictureDataset OpenFolder(string directory, PictureOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate("PictureDataset");
        PictureFolder.Require(directory, "one that holds a folder of pictures for each class");
        (IReadOnlyList<string> names, List<PictureFile> files, List<int> labels) = ClassFolders.Find(directory, options.ClassNames);
        PictureDataset data = Open([.. files], options,
            SampleTargets.OfLabels("PictureDataset", TargetInfo.Labels(names.Count), [.. labels], files.Count), names, cancellationToken);
        if (data.Skipped.Count > 0 && options.ClassNames is null)
            ClassFolders.RequireAll(directory, names, data._targets!.Labels, data.Skipped.Count);
        return data;
    }

    /// <summary>Opens the pictures that a CSV file names, with the targets that it gives. A picture may come twice.</summary>
    /// <param name="path">The CSV file: UTF-8, commas, the names of the columns in its first row (RFC 4180).</param>
    /// <param name="targets">Which columns count.</param>
    /// <param name="options">The size of the images and how pictures become images.</param>
    /// <param name="cancellationToken">Ends the opening with an exception, where it decodes pictures.</param>
    /// <returns>The data set: one label a picture, or values.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is no CSV file, a row names no picture that is there or has no targets, or a picture
    /// cannot be read and is not to be skipped.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PictureDataset OpenCsv(string path, CsvTargets targets, PictureOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate("PictureDataset");
        if (targets.AreValues && options.ClassNames is not null)
            throw new ArgumentException("PictureDataset: PictureOptions.ClassNames is given and the targets are values, which are of no " +
                "classes; expected null.", nameof(options));
        CsvPictures csv = CsvPictures.Read(path, targets, options.ClassNames);
        return Open(csv.Files, options, csv.Targets, csv.ClassNames, cancellationToken);
    }

    /// <summary>
    /// Opens pictures with a mask beside each: a PNG or BMP file of the same name in another folder, whose pixels say the class of the
    /// picture's pixels. Masks are placed as their pictures are, by the nearest pixel.
    /// </summary>
    /// <param name="images">The folder of the pictures; what is in folders below counts too.</param>
    /// <param name="masks">The folder of the masks, with the same folders below.</param>
    /// <param name="classes">What the pixels of masks say.</param>
    /// <param name="options">The size of the images and how pictures become images.</param>
    /// <param name="cancellationToken">Ends the opening with an exception, where it decodes pictures.</param>
    /// <returns>The data set: a label a pixel, <c>[H, W]</c>.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="DataFormatException">There are no pictures, one has no mask, or one cannot be read and is not to be skipped.
    /// </exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static PictureDataset OpenMasks(string images, string masks, MaskOptions classes, PictureOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate("PictureDataset");
        classes.Validate("PictureDataset");
        if (options.ClassNames is not null)
            throw new ArgumentException("PictureDataset: PictureOptions.ClassNames is given and the targets are masks; " +
                "expected MaskOptions.ClassNames.", nameof(options));
        PictureFolder.Require(images, "one that holds pictures");
        PictureFolder.Require(masks, "one that holds a mask for each picture");
        PictureFile[] files = PictureFolder.Files(images, images);
        if (files.Length == 0)
            throw new DataFormatException($"'{images}' holds no picture ({PictureFolder.Extensions}); expected at least one.");
        PictureFile[] maskFiles = MaskFiles.Beside(files, masks);
        string? maskCache = options.CacheFile is null ? null : options.CacheFile + ".masks";
        if (maskCache is not null)
            PictureCache.RequireReplaceable(maskCache);
        Dictionary<string, string> pictures = maskFiles.Select((mask, i) => (mask.Path, files[i].Path)).ToDictionary();
        bool keep = (options.ImageShape.ElementCount + ((long)options.Height * options.Width)) * files.Length <= options.MaxMemoryBytes;
        (PictureStore imageStore, string?[] imageFaults) = OpenImages(files, options, keep, cancellationToken);
        (PictureStore maskStore, string?[] maskFaults) = PictureStore.Open(maskFiles, options.Height * options.Width,
            $"masks {options.Height} {options.Width} {options.Fit} {classes.Describe()}",
            new MaskReader(classes, options, pictures).Read, options, maskCache, keep, cancellationToken, files);
        string?[] faults = [.. imageFaults.Select((fault, i) => fault ?? maskFaults[i])];
        int[]? kept = Kept(files, faults, images);
        return kept is null
            ? new PictureDataset(options, files, imageStore, maskStore, classes, [])
            : new PictureDataset(options, [.. kept.Select(i => files[i])], imageStore.Subset(kept), maskStore.Subset(kept), classes,
                Skips(files, faults));
    }

    /// <inheritdoc/>
    public void ReadImage(int index, Span<byte> pixels)
    {
        CheckIndex(index);
        if (pixels.Length < _images.Length)
            throw new ShapeException($"PictureDataset: the destination holds {pixels.Length} bytes; expected {_images.Length}, " +
                $"an image of {ImageShape}.");
        _images.Read(index, pixels[.._images.Length]);
    }

    /// <inheritdoc/>
    public void FillTargets(ReadOnlySpan<int> indices, BatchBuffers batch)
    {
        if (_masks is null)
        {
            _targets!.Fill(indices, batch);
            return;
        }

        Span<int> labels = batch.Labels();
        byte[] classes = ArrayPool<byte>.Shared.Rent(_masks.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            _masks.Read(indices[i], classes.AsSpan(0, _masks.Length));
            for (int p = 0; p < _masks.Length; p++)
                labels[(i * _masks.Length) + p] = classes[p] == MaskReader.None ? _ignoredLabel : classes[p];
        }

        ArrayPool<byte>.Shared.Return(classes);
    }

    private static PictureDataset Open(PictureFile[] files, PictureOptions options, SampleTargets targets,
        IReadOnlyList<string>? classNames, CancellationToken cancellationToken)
    {
        bool keep = (long)options.ImageShape.ElementCount * files.Length <= options.MaxMemoryBytes;
        (PictureStore store, string?[] faults) = OpenImages(files, options, keep, cancellationToken);
        int[]? kept = Kept(files, faults, "the data set");
        return kept is null
            ? new PictureDataset(options, files, store, targets, classNames, [])
            : new PictureDataset(options, [.. kept.Select(i => files[i])], store.Subset(kept), targets.Subset(kept), classNames,
                Skips(files, faults));
    }

    private static (PictureStore Store, string?[] Faults) OpenImages(PictureFile[] files, PictureOptions options, bool keep,
        CancellationToken cancellationToken) => PictureStore.Open(files, options.ImageShape.ElementCount,
            $"images {options.Height} {options.Width} {options.Channels} {options.Fit}",
            (path, pixels) => PictureReader.Read(path, options, pixels), options, options.CacheFile, keep, cancellationToken);

    // The files that can be read; null where all can.
    private static int[]? Kept(PictureFile[] files, string?[] faults, string where)
    {
        int[] kept = [.. Enumerable.Range(0, files.Length).Where(i => faults[i] is null)];
        if (kept.Length == 0)
            throw new DataFormatException($"None of the {files.Length} pictures of '{where}' can be read; the first: {faults[0]}");
        return kept.Length == files.Length ? null : kept;
    }

    private static ReadOnlyCollection<SkippedPicture> Skips(PictureFile[] files, string?[] faults) => Array.AsReadOnly(
        Enumerable.Range(0, files.Length)
            .Where(i => faults[i] is not null)
            .Select(i => new SkippedPicture(files[i].Path, faults[i]!))
            .ToArray());

    private void CheckIndex(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index,
                $"PictureDataset: image {index} was asked for; expected 0 to {Count - 1}.");
    }
}
