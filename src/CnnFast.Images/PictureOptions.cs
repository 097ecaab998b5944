namespace CnnFast.Images;

/// <summary>How picture files become images of one shape.</summary>
/// <param name="Height">Rows of an image, at least 1.</param>
/// <param name="Width">Columns of an image, at least 1.</param>
/// <param name="Channels">3 for red, green and blue; 1 for grey: (299 r + 587 g + 114 b) / 1000.</param>
public sealed record PictureOptions(int Height, int Width, int Channels = 3)
{
    /// <summary>How a picture of another size becomes one of this size.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Crop;

    /// <summary>What becomes of pictures that cannot be decoded.</summary>
    public UnreadablePictures Unreadable { get; init; } = UnreadablePictures.Stop;

    /// <summary>
    /// A file for the decoded and resized images, which is written when the data set is opened and read from then on; null, the default,
    /// for none. It belongs to these files, their sizes and times and these options: where any of it changed, or the file is damaged, it
    /// is written anew; a file that is no such cache is left as it is, and refused. Masks are in a second file, with <c>.masks</c> after
    /// its name.
    /// </summary>
    public string? CacheFile { get; init; }

    /// <summary>
    /// The most bytes of decoded images that a data set keeps in memory once they were read; where all its images do not fit, none is kept.
    /// 512 MiB by default; 0 keeps none.
    /// </summary>
    public long MaxMemoryBytes { get; init; } = 512L << 20;

    /// <summary>The most pixels of a picture file; larger ones cannot be read. 2²⁶ by default.</summary>
    public long MaxPixels { get; init; } = 1L << 26;

    /// <summary>The most bytes of a picture file; larger ones cannot be read. 2²⁷ by default.</summary>
    public long MaxFileBytes { get; init; } = 1L << 27;

    /// <summary>
    /// The classes in the order of their labels, where the order must be that of another data set; one of them may then have no picture.
    /// Null, the default, takes those that there are, by the order of their names' characters. For targets that are labels: the classes of
    /// masks are in <see cref="MaskOptions"/>, and values have none.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>
    /// The most threads that decode pictures while a data set is opened; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all
    /// processors.
    /// </summary>
    public int MaxThreads { get; init; }

    /// <summary>The shape of an image, <c>[H, W, C]</c>.</summary>
    public Shape ImageShape => new(Height, Width, Channels);

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal void Validate(string who)
    {
        if (Height < 1 || Width < 1)
            throw new ArgumentException($"{who}: the size of the images is {Height}×{Width}; expected at least 1×1.");
        if (Channels is not (1 or 3))
            throw new ArgumentException($"{who}: Channels is {Channels}; expected 1 or 3.");
        if (!Enum.IsDefined(Fit))
            throw new ArgumentException($"{who}: Fit is {Fit}; expected Crop, Stretch or Pad.");
        if (!Enum.IsDefined(Unreadable))
            throw new ArgumentException($"{who}: Unreadable is {Unreadable}; expected Stop or Skip.");
        if (MaxMemoryBytes < 0 || MaxPixels < 1 || MaxFileBytes < 1 || MaxThreads < 0)
            throw new ArgumentException($"{who}: MaxMemoryBytes is {MaxMemoryBytes}, MaxPixels {MaxPixels}, MaxFileBytes {MaxFileBytes} " +
                $"and MaxThreads {MaxThreads}; expected at least 0, 1, 1 and 0.");
        if (ClassNames is not null)
            Data.ClassNameCheck.RequireDistinct($"{who}: ClassNames", ClassNames, ClassNames.Count);
        _ = ImageShape.ElementCount;
    }
}
