using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The samples of a data set as a model reads them: images in its normalisation, whatever says how their bytes become numbers.
/// </summary>
internal static class ImageInputs
{
    /// <summary>Whether samples come from the bytes of images.</summary>
    public static bool AreImages(IDataset data) => data is IImageDataset or NormalizedImages or AugmentedImages;

    /// <summary>What a model trains on: what an option says, else the data set, else what the model has.</summary>
    public static Normalization NormalizationOf(IDataset data, Normalization? option, Model model) => option ??
        (data as NormalizedImages)?.Normalization ?? (data as AugmentedImages)?.Normalization ?? model.Normalization;

    /// <summary>The samples in a normalisation.</summary>
    /// <param name="who">Starts the sentence.</param>
    /// <param name="data">The samples.</param>
    /// <param name="normalization">The normalisation of the model.</param>
    /// <exception cref="ArgumentException">The images are normalised by other numbers already.</exception>
    public static IDataset Of(string who, IDataset data, Normalization normalization) => Of(who, data, normalization, null, 0);

    /// <summary>The same with random changes of images that are bytes.</summary>
    public static IDataset Of(string who, IDataset data, Normalization normalization, Augmentation? augmentation, ulong seed) => data switch
    {
        IImageDataset images when augmentation is not null => new AugmentedImages(images, augmentation, seed, normalization),
        IImageDataset images => images.Normalized(normalization),
        NormalizedImages normalized => normalized.Normalization == normalization
            ? Of(who, normalized.Images, normalization, augmentation, seed)
            : throw Other(who, normalized.Normalization, normalization),
        AugmentedImages augmented => augmented.Normalization is { } own && own != normalization
            ? throw Other(who, own, normalization)
            : augmented.With(normalization),
        _ => data,
    };

    private static ArgumentException Other(string who, Normalization images, Normalization model) => new(
        $"{who}: images are normalised by {images}, and the model is for {model}; expected one of them: leave the images as they are and " +
        "set the normalisation of the options or the model.");
}
