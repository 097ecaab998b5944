using System.Globalization;
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

    private static readonly string[] s_testFolders = ["test", "val", "valid", "validation"];

    /// <summary>How many classes there are.</summary>
    public int Classes => Train.Targets[0].Classes;

    /// <summary>Whether <c>--data</c> names a folder of pictures.</summary>
    public static bool IsPictures(string data) => Directory.Exists(data)
        && !Directory.EnumerateFiles(data).Any(file =>
            Path.GetFileName(file) is var name && (name.Contains("-ubyte", StringComparison.Ordinal)
            || name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Reads the images.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="size">Height and width of pictures.</param>
    /// <param name="host">Stops it; told of pictures that were left out.</param>
    public static TrainData Load(TrainRequest request, (int H, int W) size, CommandHost host)
    {
        if (IsPictures(request.Data))
        {
            TrainData pictures = LoadPictures(request, size, host);
            foreach (IImageDataset? part in (ReadOnlySpan<IImageDataset?>)[pictures.Train, pictures.Validation, pictures.Test])
                RequireReadable(part, host.Stop);
            return pictures;
        }

        TrainTestDatasets data = LoadBytes(request.Data);
        if (request.TrainCount is not { } count)
        {
            (IImageDataset train, IImageDataset? validation) = Split(data.Train, request);
            return new TrainData(train, validation, data.Test, false);
        }

        if (count > data.Train.Count)
            throw new InputException($"--train-count is '{count}'; expected a whole number from 1 to {data.Train.Count}, " +
                $"the training images of --data {request.Data}.");
        int spare = (int)Math.Min(data.Train.Count - count, Math.Round(count * request.Validation / (1 - request.Validation)));
        return new TrainData(data.Train.Take(count),
            spare < 1 ? null : data.Train.Subset([.. Enumerable.Range(count, spare)]), data.Test, false);
    }

    private static TrainTestDatasets LoadBytes(string data)
    {
        if (File.Exists(Path.Combine(data, "data_batch_1.bin")))
            return CifarDataset.LoadCifar10(data);
        return File.Exists(Path.Combine(data, "train.bin")) ? CifarDataset.LoadCifar100(data) : DataSource.Load(data);
    }

    private static TrainData LoadPictures(TrainRequest request, (int H, int W) size, CommandHost host)
    {
        if (request.TrainCount is not null)
            throw new InputException("--train-count is for IDX files; expected a folder with fewer pictures.");
        var options = new PictureOptions(size.H, size.W)
        {
            Unreadable = request.SkipUnreadable ? UnreadablePictures.Skip : UnreadablePictures.Stop,
            MaxThreads = request.Fit.MaxThreads,
        };
        string train = Path.Combine(request.Data, "train");
        string? test = s_testFolders.Select(name => Path.Combine(request.Data, name)).FirstOrDefault(Directory.Exists);
        if (Directory.Exists(train) && test is not null)
        {
            PictureDataset given = Open(train, options, host);
            PictureDataset tested = Open(test, options with { ClassNames = given.ClassNames }, host);
            (IImageDataset rest, IImageDataset? validation) = Split(given, request);
            return new TrainData(rest, validation, tested, true);
        }

        PictureDataset all = Open(request.Data, options, host);
        IReadOnlyList<IImageDataset> parts = all.SplitStratified(request.Fit.Seed, 1 - TestFraction, TestFraction);
        (IImageDataset first, IImageDataset? second) = Split(parts[0], request);
        return new TrainData(first, second, parts[1], true);
    }

    // A picture that cannot be read ends the training before it begins, not after its last epoch.
    private static void RequireReadable(IImageDataset? images, CancellationToken stop)
    {
        if (images is null)
            return;
        try
        {
            Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = stop }, () => new byte[images.ImageShape.ElementCount],
                (index, _, pixels) =>
                {
                    images.ReadImage(index, pixels);
                    return pixels;
                },
                _ => { });
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static PictureDataset Open(string folder, PictureOptions options, CommandHost host)
    {
        PictureDataset pictures = PictureDataset.OpenFolder(folder, options, host.Stop);
        foreach (SkippedPicture skipped in pictures.Skipped)
            host.Error.WriteLine($"Left out: {skipped.Reason}");
        if (pictures.Skipped.Count > 0)
            host.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pictures.Skipped.Count} pictures were left out."));
        return pictures;
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
