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
        var options = new PictureOptions(pictures[0], pictures[1], pictures[2])
        {
            Unreadable = request.SkipUnreadable ? UnreadablePictures.Skip : UnreadablePictures.Stop,
            MaxThreads = request.Fit.MaxThreads,
        };
        (IImageDataset train, IImageDataset? test) = DataSource.Open(request.Data, options, host);
        if (test is null)
        {
            IReadOnlyList<IImageDataset> parts = train.SplitStratified(request.Fit.Seed, 1 - TestFraction, TestFraction);
            (train, test) = (parts[0], parts[1]);
        }

        if (request.TrainCount is not { } count)
        {
            (IImageDataset trained, IImageDataset? validation) = Split(train, request);
            return new TrainData(trained, validation, test, arePictures);
        }

        if (count > train.Count)
            throw new InputException($"--train-count is '{count}'; expected a whole number from 1 to {train.Count}, " +
                $"the training images of --data {request.Data}.");
        int spare = (int)Math.Min(train.Count - count, Math.Round(count * request.Validation / (1 - request.Validation)));
        return new TrainData(train.Subset([.. Enumerable.Range(0, count)]),
            spare < 1 ? null : train.Subset([.. Enumerable.Range(count, spare)]), test, false);
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
