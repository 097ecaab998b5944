using CnnFast.Data;
using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary>The images of a training: those that the weights see, those that decide, and those that judge at the end.</summary>
/// <param name="Train">What the weights are trained on.</param>
/// <param name="Validation">What is measured after every epoch and decides which epoch is best; null for none.</param>
/// <param name="Test">What is measured once, at the end.</param>
/// <param name="ArePictures">Whether they are picture files, for which the recipe is that of photographs.</param>
internal sealed record TrainData(IImageDataset Train, IImageDataset? Validation, IImageDataset Test, bool ArePictures)
{
    private const double TestFraction = 0.15;

    /// <summary>How many classes there are.</summary>
    public int Classes => Train.Targets[0].Classes;

    /// <summary>Reads the images.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="pictures">The shape that pictures get, <c>[H, W, C]</c>.</param>
    /// <param name="host">Stops it; told of pictures that were left out.</param>
    public static TrainData Load(TrainRequest request, Shape pictures, CommandHost host)
    {
        bool arePictures = DataSource.IsPictures(request.Data);
        if (arePictures && request.TrainCount is not null)
            throw new InputException("--train-count is for IDX and CIFAR files; expected a folder with fewer pictures.");
        DataSource.RequireUsed(request.Data, request.Classes, request.Size is not null || request.SkipUnreadable);
        var options = new PictureOptions(pictures[0], pictures[1], pictures[2])
        {
            Unreadable = request.SkipUnreadable ? UnreadablePictures.Skip : UnreadablePictures.Stop,
            MaxThreads = request.Fit.MaxThreads,
        };
        (IImageDataset train, IImageDataset? validation, IImageDataset? test) =
            DataSource.Open(request.Data, options, host, request.Classes);
        if (!arePictures && request.Classes is null)
            NameUnused(train, host);
        if (test is null)
        {
            IReadOnlyList<IImageDataset> parts = train.SplitStratified(request.Fit.Seed, 1 - TestFraction, TestFraction);
            (train, test) = (parts[0], parts[1]);
        }

        if (request.TrainCount > train.Count)
            throw new InputException($"--train-count is '{request.TrainCount}'; expected a whole number from 1 to {train.Count}, " +
                $"the training images of --data {request.Data}.");
        if (validation is null)
            (train, validation) = request.TrainCount is { } count ? First(train, count, request) : Split(train, request);
        if (validation is null && request.AsksForValidation)
            throw new InputException($"--validation and --patience need images for validation, and of {train.Count:N0} training images " +
                "none is left for it; expected more images, or --validation 0 without --patience.");
        return new TrainData(train, validation, test, arePictures);
    }

    // Of IDX files alone: those of CIFAR hold all classes.
    private static void NameUnused(IImageDataset train, CommandHost host)
    {
        int used = train is ImageDataset { Count: > 0 } images ? 1 + images.Labels.ToArray().Max() : 0;
        if (used > 1 && used < train.Targets[0].Classes)
            host.Notes.WriteLine($"No training image has a label from {used} on; --classes {used} leaves the others out.");
    }

    private static (IImageDataset Train, IImageDataset? Validation) First(IImageDataset data, int count, TrainRequest request)
    {
        int spare = (int)Math.Min(data.Count - count, Math.Round(count * request.Validation / (1 - request.Validation)));
        return (data.Subset([.. Enumerable.Range(0, count)]),
            spare < 1 ? null : data.Subset([.. Enumerable.Range(count, spare)]));
    }

    private static (IImageDataset Train, IImageDataset? Validation) Split(IImageDataset data, TrainRequest request)
    {
        // Of a handful of images none is spared.
        if (request.Validation * data.Count < 1)
            return (data, null);
        IReadOnlyList<IImageDataset> parts = data.SplitStratified(request.Fit.Seed, 1 - request.Validation, request.Validation);
        return (parts[0], parts[1]);
    }
}
