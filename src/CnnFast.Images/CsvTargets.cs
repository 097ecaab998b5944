namespace CnnFast.Images;

/// <summary>Which columns of a CSV file say which picture a row is about and what its targets are.</summary>
public sealed record CsvTargets
{
    private CsvTargets(IReadOnlyList<string> columns) => Columns = columns;

    /// <summary>The column of the picture's file: a path from the folder of the CSV file, or from <see cref="Directory"/>.</summary>
    public string FileColumn { get; init; } = "file";

    /// <summary>The folder that paths in the file start from; null, the default, for that of the CSV file.</summary>
    public string? Directory { get; init; }

    /// <summary>The columns of the targets.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Where a picture may have several labels, what stands between them; else null.</summary>
    public char? Separator { get; private init; }

    /// <summary>Whether the targets are numbers.</summary>
    public bool AreValues { get; private init; }

    /// <summary>One class a picture: the text of a column.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The description; targets are labels.</returns>
    public static CsvTargets Class(string column = "class") => new([column]);

    /// <summary>Any number of labels a picture: the texts of one column, such as <c>sky;water</c>.</summary>
    /// <param name="column">The column; where it is empty a picture has no label.</param>
    /// <param name="separator">What stands between labels.</param>
    /// <returns>The description; targets are values of the shape <c>[classes]</c>, 1 for each label of the picture and else 0.</returns>
    public static CsvTargets Labels(string column = "labels", char separator = ';') => new([column]) { Separator = separator };

    /// <summary>Numbers: one of each column.</summary>
    /// <param name="columns">The columns, at least one.</param>
    /// <returns>The description; targets are values of the shape <c>[columns]</c>.</returns>
    /// <exception cref="ArgumentException">There is no column.</exception>
    public static CsvTargets Values(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Count > 0
            ? new CsvTargets([.. columns]) { AreValues = true }
            : throw new ArgumentException("CsvTargets: no column was given; expected at least one.", nameof(columns));
    }
}
