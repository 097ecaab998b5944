using System.Globalization;
using System.IO.Enumeration;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The targets of models: one a line, <c>model batch threads measure bound</c>; * stands for any text, # begins a comment, and the first
/// line of its measure that fits a row counts.
/// </summary>
internal sealed class ModelTargets
{
    private readonly List<(string Model, string Batch, string Threads, ModelMeasure Measure, double Bound)> _lines = [];

    /// <summary>A sentence where there is no file, so that nothing is held against targets; else null.</summary>
    public string? Absent { get; private init; }

    /// <summary>Reads a file beside the shapes.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="required">Whether there must be one.</param>
    /// <exception cref="DirectoryNotFoundException">There must be a file, and there is no folder of shapes.</exception>
    public static ModelTargets Read(string file, bool required)
    {
        if (!required && ShapeFile.FindFolder() is null)
            return new ModelTargets
            {
                Absent = $"Nothing is held against targets: no folder benchmarks/shapes with {file} lies above {AppContext.BaseDirectory}.",
            };
        var targets = new ModelTargets();
        int number = 0;
        foreach (string text in File.ReadLines(Path.Combine(ShapeFile.Folder, file)))
        {
            number++;
            string[] parts = text.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
                continue;
            if (parts.Length != 5 || !Enum.TryParse(parts[3], ignoreCase: true, out ModelMeasure measure)
                || !double.TryParse(parts[4], NumberStyles.Float, CultureInfo.InvariantCulture, out double bound))
                throw new DataFormatException($"{file}, line {number}: '{text}'; expected 'model batch threads measure bound'.");
            targets._lines.Add((parts[0], parts[1], parts[2], measure, bound));
        }

        return targets;
    }

    /// <summary>The bound of a measure for a model, or null.</summary>
    public double? Find(string model, int batch, int threads, ModelMeasure measure)
    {
        foreach ((string wantedModel, string wantedBatch, string wantedThreads, ModelMeasure wanted, double bound) in _lines)
        {
            if (wanted == measure && Fits(wantedModel, model) && Fits(wantedBatch, $"{batch}") && Fits(wantedThreads, $"{threads}"))
                return bound;
        }

        return null;
    }

    /// <summary>A row held against all its targets.</summary>
    public IReadOnlyList<ModelVerdict> Judge(ModelRow row) =>
    [
        .. from measure in (ModelMeasure[])[ModelMeasure.Ratio, ModelMeasure.Median, ModelMeasure.Spread, ModelMeasure.Overhead,
            ModelMeasure.Bytes]
           let bound = Find(row.Model, row.Batch, row.Threads, measure)
           where bound is not null
           select ModelVerdict.Judge(row, measure, bound.Value),
    ];

    private static bool Fits(string wanted, string given) => FileSystemName.MatchesSimpleExpression(wanted, given);
}
