using System.Globalization;
using CnnFast.Data;

namespace CnnFast.Images;

/// <summary>The pictures and targets of a CSV file.</summary>
internal sealed class CsvPictures
{
    private const int MaxClasses = 1 << 16;
    private const int MaxNumbers = 1 << 28;

    private CsvPictures(PictureFile[] files, SampleTargets targets, IReadOnlyList<string>? classNames)
    {
        Files = files;
        Targets = targets;
        ClassNames = classNames;
    }

    public PictureFile[] Files { get; }

    public SampleTargets Targets { get; }

    public IReadOnlyList<string>? ClassNames { get; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file does not say what is asked of it; the sentence names the line.</exception>
    public static CsvPictures Read(string path, CsvTargets targets, IReadOnlyList<string>? classNames)
    {
        CsvFile csv = CsvFile.Read(path);
        string root = targets.Directory ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        int fileColumn = csv.Column(targets.FileColumn);
        int[] columns = [.. targets.Columns.Select(csv.Column)];
        PictureFile[] files = [.. csv.Rows.Select((row, i) => FileOf(csv, i, root, row[fileColumn]))];
        return targets.AreValues
            ? new CsvPictures(files, Values(csv, columns), null)
            : Classes(csv, targets.Columns[0], targets.Separator, files, classNames);
    }

    private static CsvPictures Classes(CsvFile csv, string columnName, char? separator, PictureFile[] files,
        IReadOnlyList<string>? classNames)
    {
        int column = csv.Column(columnName);
        string[][] texts = [.. csv.Rows.Select(row => separator is { } c
            ? row[column].Split(c, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [row[column]])];
        string[] names = classNames is null
            ? [.. texts.SelectMany(text => text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [.. classNames];
        if (names.Length > MaxClasses)
            throw csv.Error($"the column {Excerpt.Of(columnName)} has {names.Length} classes; expected at most {MaxClasses}");
        Dictionary<string, int> labels = names.Select((name, i) => (name, i)).ToDictionary(StringComparer.Ordinal);
        for (int i = 0; i < texts.Length; i++)
        {
            foreach (string text in texts[i])
            {
                if (!ClassNameCheck.IsName(text))
                    throw csv.Error(i, $"the class is {Excerpt.Of(text)}; expected 1 to 200 characters that can be printed");
                if (!labels.ContainsKey(text))
                    throw csv.Error(i, $"the class is {Excerpt.Of(text)}; expected one of {string.Join(", ", names)}");
            }
        }

        if (names.Length == 0)
            throw csv.Error(0, "no row has a label; expected at least one");
        if (separator is not null && (long)texts.Length * names.Length > MaxNumbers)
            throw csv.Error($"the column {Excerpt.Of(columnName)} has {names.Length} labels in {texts.Length} rows, which are " +
                $"{(long)texts.Length * names.Length} numbers; expected at most {MaxNumbers}");
        return new CsvPictures(
            files,
            separator is null
                ? SampleTargets.OfLabels("PictureDataset", TargetInfo.Labels(names.Length), [.. texts.Select(text => labels[text[0]])],
                    files.Length)
                : SampleTargets.OfValues("PictureDataset", new Shape(names.Length), Hot(texts, labels), files.Length),
            Array.AsReadOnly(names));
    }

    private static float[] Hot(string[][] texts, Dictionary<string, int> labels)
    {
        var values = new float[texts.Length * labels.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            foreach (string text in texts[i])
                values[(i * labels.Count) + labels[text]] = 1;
        }

        return values;
    }

    private static SampleTargets Values(CsvFile csv, int[] columns)
    {
        var values = new float[checked(csv.Rows.Count * columns.Length)];
        for (int i = 0; i < csv.Rows.Count; i++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                string text = csv.Rows[i][columns[c]];
                if (!float.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                    || !float.IsFinite(value))
                    throw csv.Error(i, $"the value is {Excerpt.Of(text)}; expected a finite number");
                values[(i * columns.Length) + c] = value;
            }
        }

        return SampleTargets.OfValues("PictureDataset", new Shape(columns.Length), values, csv.Rows.Count);
    }

    // Paths stay below the folder: a CSV file is no way to read others.
    private static PictureFile FileOf(CsvFile csv, int row, string root, string name)
    {
        string slashed = name.Replace('\\', '/');
        if (slashed.Length == 0 || slashed.Contains('\0') || Path.IsPathRooted(name) || Path.IsPathRooted(slashed)
            || slashed.Split('/').Contains(".."))
            throw csv.Error(row, $"the file is {Excerpt.Of(name)}; expected a path below '{root}'");
        string path = Path.Combine(root, slashed);
        return File.Exists(path)
            ? new PictureFile(path, slashed)
            : throw csv.Error(row, $"there is no file '{path}'");
    }
}
