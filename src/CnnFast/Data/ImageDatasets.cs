namespace CnnFast.Data;

/// <summary>What can be done with any data set of images.</summary>
public static class ImageDatasets
{
    /// <summary>The same images with another way from bytes to numbers than value / 255, which a data set by itself has.</summary>
    /// <param name="images">The images.</param>
    /// <param name="normalization">How a byte becomes a number.</param>
    /// <returns>A data set over the same images.</returns>
    /// <exception cref="ShapeException">The normalisation has factors for another number of channels.</exception>
    public static IDataset Normalized(this IImageDataset images, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new NormalizedImages(images, normalization);
    }

    /// <summary>
    /// The same images changed at random, anew in every epoch; an epoch gives the same images for the same seed.
    /// <c>FitOptions.Augmentation</c> does this in training.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="augmentation">What happens to them.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="normalization">How bytes become numbers. Null, the default, means value / 255, and in training what the model trains
    /// on.</param>
    /// <returns>A data set over the same images. Where images are mixed, labels have become shares of classes.</returns>
    /// <exception cref="ArgumentException">An option of a transform is out of range.</exception>
    /// <exception cref="ShapeException">Images or targets do not fit the transforms or the normalisation.</exception>
    public static IDataset Augmented(this IImageDataset images, Augmentation augmentation, ulong seed = 0,
        Normalization? normalization = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(augmentation);
        return new AugmentedImages(images, augmentation, seed, normalization);
    }

    /// <summary>
    /// The normalisation that gives every channel of these images the mean 0 and the standard deviation 1 (of all its pixels, divided by
    /// their number). Sums are exact: the result depends on the images alone, not on threads. A channel whose pixels are all the same is
    /// only shifted. Reads every image once.
    /// </summary>
    /// <param name="images">The images to train on.</param>
    /// <param name="maxThreads">The most threads, the caller's included; 0, the default, means <c>CNNFAST_NUM_THREADS</c> or all
    /// processors.</param>
    /// <param name="cancellationToken">Ends the computation with an exception.</param>
    /// <returns>The normalisation, one scale and offset a channel.</returns>
    /// <exception cref="ShapeException">There are no images.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Normalization ComputeNormalization(this IImageDataset images, int maxThreads = 0,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count < 1)
            throw new ShapeException("ComputeNormalization: the data set has no images; expected at least 1.");
        var statistics = new ChannelStatistics(images.ImageShape);
        statistics.Add(images, maxThreads == 0 ? CpuInfo.DefaultThreads : maxThreads, cancellationToken);
        return statistics.ToNormalization();
    }
}
