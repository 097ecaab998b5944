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
