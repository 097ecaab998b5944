using System.Text;

namespace CnnFast.Images;

/// <summary>
/// A file of values with commas between them (RFC 4180): UTF-8, the names of the columns in the first row, as many fields in every row.
/// Fields in double quotes hold commas, lines and, doubled, double quotes. Files are untrusted.
/// </summary>
internal sealed class CsvFile
{
    private const long MaxBytes = 1L << 28;

    private readonly string _path;

    private CsvFile(string path, List<string[]> rows, List<int> lines)
    {
        _path = path;
        Rows = rows;
        Lines = lines;
    }

    /// <summary>The rows below the names of the columns.</summary>
    public List<string[]> Rows { get; }

    /// <summary>The line in which every row starts, from 1.</summary>
    public List<int> Lines { get; }

    private string[] Header { get; init; } = [];

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no such file; the sentence names the line.</exception>
    public static CsvFile Read(string path)
    {
        using FileStream stream = Files.InputFile.Open(path, "a CSV file");
        if (stream.Length > MaxBytes)
            throw new DataFormatException($"'{path}' has {stream.Length} bytes; expected a CSV file of at most {MaxBytes}.");
        string text;
        try
        {
            using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
            text = reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException($"'{path}' holds bytes that are no UTF-8; expected a CSV file in UTF-8.", e);
        }

        (List<string[]> rows, List<int> lines) = new Parser(path, text).Run();
        if (rows.Count < 2)
            throw new DataFormatException($"'{path}' has {rows.Count} rows; expected the names of the columns and at least one row below.");
        for (int i = 1; i < rows.Count; i++)
        {
            if (rows[i].Length != rows[0].Length)
                throw new DataFormatException($"'{path}', line {lines[i]}: the row has {rows[i].Length} fields; " +
                    $"expected {rows[0].Length}, as the first row names so many columns.");
        }

        return new CsvFile(path, rows[1..], lines[1..]) { Header = rows[0] };
    }

    /// <summary>Where a column is in the rows.</summary>
    /// <exception cref="DataFormatException">There is no such column, or several.</exception>
    public int Column(string name)
    {
        int at = Array.IndexOf(Header, name);
        return at >= 0 && at == Array.LastIndexOf(Header, name)
            ? at
            : throw new DataFormatException($"'{_path}' has the columns " +
                $"{string.Join(", ", Header.Select(column => Excerpt.Of(column)))}; " +
                $"expected {(at < 0 ? "one" : "only one")} that is called {Excerpt.Of(name)}.");
    }

    /// <summary>What is wrong in the file.</summary>
    public DataFormatException Error(string what) => new($"'{_path}': {what}.");

    /// <summary>What is wrong in a row.</summary>
    public DataFormatException Error(int row, string what) => new($"'{_path}', line {Lines[row]}: {what}.");

    private sealed class Parser(string path, string text)
    {
        private readonly List<string[]> _rows = [];
        private readonly List<int> _lines = [];
        private readonly List<string> _fields = [];
        private int _at;
        private int _line = 1;

        public (List<string[]> Rows, List<int> Lines) Run()
        {
            while (_at < text.Length)
            {
                int line = _line;
                do
                    _fields.Add(Field());
                while (Skip(','));
                EndRow();

                // An empty line is no row.
                if (_fields is not [""])
                {
                    _rows.Add([.. _fields]);
                    _lines.Add(line);
                }

                _fields.Clear();
            }

            return (_rows, _lines);
        }

        private string Field()
        {
            if (_at < text.Length && text[_at] == '"')
                return Quoted();
            int start = _at;
            while (_at < text.Length && text[_at] is not (',' or '\n' or '\r' or '"'))
                _at++;
            return _at == text.Length || text[_at] != '"'
                ? text[start.._at]
                : throw Error("a double quote stands in a field that does not begin with one");
        }

        private string Quoted()
        {
            int opened = _line;
            var field = new StringBuilder();
            for (_at++; _at < text.Length; _at++)
            {
                if (text[_at] == '\n')
                    _line++;
                if (text[_at] != '"')
                {
                    field.Append(text[_at]);
                    continue;
                }

                _at++;
                if (_at == text.Length || text[_at] != '"')
                    return field.ToString();
                field.Append('"');
            }

            _line = opened;
            throw Error("a field begins with a double quote and does not end with one");
        }

        private void EndRow()
        {
            if (_at == text.Length)
                return;
            bool ended = Skip('\r') | Skip('\n');
            if (!ended)
                throw Error($"{Excerpt.Of(text.AsSpan(_at, 1))} follows a field in double quotes; expected a comma or the end of the line");
            _line++;
        }

        private bool Skip(char c)
        {
            if (_at == text.Length || text[_at] != c)
                return false;
            _at++;
            return true;
        }

        private DataFormatException Error(string what) => new($"'{path}', line {_line}: {what}.");
    }
}
