using System.Globalization;
using System.Text;
using CnnFast.Files;

namespace CnnFast.Training;

/// <summary>
/// Writes a table of comma-separated values (RFC 4180, invariant culture, UTF-8) with a row an epoch: <c>epoch</c>, the figures of
/// <see cref="EpochFigures"/>, and <c>learning_rate</c>, that of the epoch's last step. The file is whole at every moment, with all epochs
/// that are complete. A training that goes on with an earlier one keeps the rows of the epochs before it and writes the others anew; a new
/// training begins a new table. A figure that an epoch does not have is an empty field.
/// </summary>
public sealed class CsvLog : TrainingCallback
{
    private const string Epoch = "epoch";
    private const string LearningRate = "learning_rate";

    private readonly string _path;
    private readonly List<string> _columns = [];
    private readonly List<Dictionary<string, string>> _rows = [];
    private int _epoch;
    private float _learningRate = float.NaN;

    /// <summary>Creates the log.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    public CsvLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
    }

    /// <inheritdoc/>
    /// <exception cref="DataFormatException">The file holds something else than such a table; it stays as it is.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public override void OnFitStart(FitStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        AtomicFile.RequireWritable(_path);
        _epoch = start.FirstEpoch;
        _learningRate = float.NaN;
        _columns.Clear();
        _rows.Clear();
        if (File.Exists(_path))
            Read(CsvText.Parse(File.ReadAllText(_path)));
    }

    /// <inheritdoc/>
    public override void OnBatch(in FitProgress progress) => _learningRate = progress.LearningRate;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written; it is as it was.</exception>
    public override void OnEpoch(EpochResult result)
    {
        _epoch++;
        var row = new Dictionary<string, string>();
        Set(row, Epoch, _epoch.ToString(CultureInfo.InvariantCulture));
        foreach ((string name, double figure) in EpochFigures.Of(result))
            Set(row, name, figure.ToString(CultureInfo.InvariantCulture));
        if (!float.IsNaN(_learningRate))
            Set(row, LearningRate, _learningRate.ToString(CultureInfo.InvariantCulture));
        _rows.Add(row);
        Write();
    }

    private void Set(Dictionary<string, string> row, string column, string text)
    {
        if (!_columns.Contains(column))
            _columns.Add(column);
        row[column] = text;
    }

    private void Read(List<string[]> records)
    {
        if (records.Count == 0)
            return;
        if (records[0][0] != Epoch)
            throw new DataFormatException(
                $"CsvLog: '{_path}' begins with the column {Excerpt.Of(records[0][0])}; expected a log of a training, which begins " +
                $"with '{Epoch}'.");
        foreach (string[] record in records.Skip(1))
        {
            if (record.Length != records[0].Length || !int.TryParse(record[0], CultureInfo.InvariantCulture, out int epoch))
                throw new DataFormatException(
                    $"CsvLog: '{_path}' has a row of {record.Length} fields that begins with {Excerpt.Of(record[0])}; expected " +
                    $"{records[0].Length} fields, the number of an epoch first.");
            if (epoch > _epoch)
                continue;
            var row = new Dictionary<string, string>();
            for (int column = 0; column < record.Length; column++)
                Set(row, records[0][column], record[column]);
            _rows.Add(row);
        }
    }

    private void Write()
    {
        var text = new StringBuilder();
        text.Append(CsvText.Record(_columns)).Append('\n');
        foreach (Dictionary<string, string> row in _rows)
            text.Append(CsvText.Record(_columns.Select(column => row.GetValueOrDefault(column, "")))).Append('\n');
        using AtomicFile file = AtomicFile.Create(_path);
        file.Stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
        file.Commit();
    }
}
