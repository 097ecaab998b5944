using System.Globalization;
using System.Text;

namespace CnnFast.Training;

/// <summary>A confusion matrix in words and columns.</summary>
internal sealed class ConfusionText
{
    private const int Width = 80;
    private const int LongestName = 30;
    private const int MostMistakes = 20;
    private const string NoClass = "none";
    private const string Gap = "  ";

    private readonly ConfusionMatrix _matrix;
    private readonly string[] _names;
    private readonly int _nameWidth;
    private readonly bool _hasNames;
    private readonly bool _hasUnpredicted;
    private readonly StringBuilder _text = new();

    public ConfusionText(ConfusionMatrix matrix, IReadOnlyList<string>? names)
    {
        if (names is not null && names.Count != matrix.Classes)
            throw new ArgumentException(
                $"ConfusionMatrix: there are {names.Count} class names; expected {matrix.Classes}, one a class.");
        _matrix = matrix;
        _hasNames = names is not null;
        _names = [.. Enumerable.Range(0, matrix.Classes).Select(label => names is null ? Number(label) : Shown(names[label]))];
        _nameWidth = Math.Max(_names.Max(name => name.Length), "class".Length);
        _hasUnpredicted = Enumerable.Range(0, matrix.Classes).Any(label => matrix.Unpredicted(label) > 0);
    }

    /// <summary>The report.</summary>
    public override string ToString()
    {
        _text.Clear();
        if (!TryAddMatrix(_names, _names) && !TryAddMatrix(Numbered(), Numbers()))
            AddMistakes();
        _text.Append('\n');
        AddClasses();
        return _text.ToString();
    }

    // Control characters of a name that comes from a file must not reach a terminal.
    private static string Shown(string name)
    {
        string shown = string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
        return shown.Length <= LongestName ? shown : $"{shown.AsSpan(0, LongestName - 1)}…";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Part(double part) => double.IsNaN(part) ? "-" : part.ToString("0.0000", CultureInfo.InvariantCulture);

    private string[] Numbers() => [.. Enumerable.Range(0, _matrix.Classes).Select(label => Number(label))];

    private string[] Numbered() => _hasNames ? [.. _names.Select((name, label) => $"{Number(label)} {name}")] : _names;

    private bool TryAddMatrix(string[] rows, string[] columns)
    {
        if (columns.Length * (Gap.Length + 1) > Width)
            return false;
        int rowWidth = Math.Max(rows.Max(row => row.Length), "label".Length);
        string[] heads = _hasUnpredicted ? [.. columns, NoClass] : columns;
        int[] widths = [.. heads.Select((head, column) => Math.Max(head.Length, WidestCount(column)))];
        if (rowWidth + widths.Sum(width => Gap.Length + width) > Width)
            return false;
        _text.Append("Rows are labels, columns predictions.\n").Append("label".PadRight(rowWidth));
        for (int column = 0; column < heads.Length; column++)
            _text.Append(Gap).Append(heads[column].PadLeft(widths[column]));
        _text.Append('\n');
        for (int label = 0; label < rows.Length; label++)
        {
            _text.Append(rows[label].PadRight(rowWidth));
            for (int column = 0; column < heads.Length; column++)
                _text.Append(Gap).Append(Number(CountOf(label, column)).PadLeft(widths[column]));
            _text.Append('\n');
        }

        return true;
    }

    private long CountOf(int label, int column) => column < _matrix.Classes ? _matrix[label, column] : _matrix.Unpredicted(label);

    private int WidestCount(int column) => Enumerable.Range(0, _matrix.Classes).Max(label => Number(CountOf(label, column)).Length);

    private void AddMistakes()
    {
        (int Label, int Column, long Count)[] mistakes = [.. Mistakes()];
        int shown = Math.Min(mistakes.Length, MostMistakes);
        _text.Append(CultureInfo.InvariantCulture, $"The most frequent mistakes ({shown} of {mistakes.Length} pairs of classes).\n");
        if (shown == 0)
            return;
        int predictedWidth = Math.Max(_nameWidth, "predicted".Length);
        _text.Append("label".PadRight(_nameWidth)).Append(Gap).Append("predicted".PadRight(predictedWidth)).Append(Gap)
            .Append(" count\n");
        foreach ((int label, int column, long count) in mistakes.OrderByDescending(mistake => mistake.Count).Take(MostMistakes))
        {
            string predicted = column < _matrix.Classes ? _names[column] : NoClass;
            _text.Append(_names[label].PadRight(_nameWidth)).Append(Gap)
                .Append(predicted.PadRight(predictedWidth)).Append(Gap)
                .Append(Number(count).PadLeft(6)).Append('\n');
        }
    }

    private IEnumerable<(int Label, int Column, long Count)> Mistakes()
    {
        for (int label = 0; label < _matrix.Classes; label++)
        {
            for (int column = 0; column <= _matrix.Classes; column++)
            {
                if (column != label && CountOf(label, column) is > 0 and var count)
                    yield return (label, column, count);
            }
        }
    }

    private void AddClasses()
    {
        _text.Append("class".PadRight(_nameWidth)).Append("  precision  recall      F1       count\n");
        for (int label = 0; label < _matrix.Classes; label++)
        {
            _text.Append(_names[label].PadRight(_nameWidth))
                .Append(Part(_matrix.Precision(label)).PadLeft(11))
                .Append(Part(_matrix.Recall(label)).PadLeft(8))
                .Append(Part(_matrix.F1(label)).PadLeft(8))
                .Append(Number(_matrix.Count(label)).PadLeft(12))
                .Append('\n');
        }

        _text.Append('\n')
            .Append(CultureInfo.InvariantCulture, $"accuracy {Part(_matrix.Accuracy)}, macro F1 {Part(_matrix.MacroF1)}, ")
            .Append(CultureInfo.InvariantCulture, $"mean IoU {Part(_matrix.MeanIoU)} of {_matrix.Total}\n");
    }
}
