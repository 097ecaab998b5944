using System.Text;

namespace CnnFast.Training;

/// <summary>Comma-separated values after RFC 4180, with line feeds between the records.</summary>
internal static class CsvText
{
    /// <summary>A record, without the end of its line.</summary>
    public static string Record(IEnumerable<string> fields) => string.Join(',', fields.Select(Field));

    /// <summary>The records of a text. A quote that does not close takes all that follows.</summary>
    public static List<string[]> Parse(string text)
    {
        var records = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (c == '"')
                quoted = !quoted;
            else if (!quoted && c is ',' or '\n' or '\r')
                EndField(c);
            else
                field.Append(c);
        }

        if (field.Length > 0 || fields.Count > 0)
            EndField('\n');
        return records;

        void EndField(char end)
        {
            if (end == '\r')
                return;
            fields.Add(field.ToString());
            field.Clear();
            if (end == ',')
                return;
            records.Add([.. fields]);
            fields.Clear();
        }
    }

    private static string Field(string field) =>
        field.AsSpan().ContainsAny("\",\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
