using System.Text;

namespace CnnFast.Cli;

/// <summary>
/// Breaks sentences between words where a terminal would break them anywhere. What comes in parts, and lines with control sequences, pass
/// as they are. The lines that follow begin below the text: behind a label, or where the line began.
/// </summary>
/// <param name="writer">Where the lines go.</param>
/// <param name="width">Columns of the terminal.</param>
internal sealed class FoldedWriter(TextWriter writer, int width) : TextWriter(writer.FormatProvider)
{
    private const char Escape = '\u001b';
    private const int MostIndent = 30;

    /// <inheritdoc/>
    public override Encoding Encoding => writer.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => writer.Write(value);

    /// <inheritdoc/>
    public override void Write(string? value) => writer.Write(value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => writer.Write(buffer, index, count);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => writer.Write(buffer);

    /// <inheritdoc/>
    public override void WriteLine() => writer.WriteLine();

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        foreach (string line in Fold(value ?? "", width))
            writer.WriteLine(line);
    }

    /// <inheritdoc/>
    public override void Flush() => writer.Flush();

    /// <summary>The lines that a line becomes.</summary>
    public static IEnumerable<string> Fold(string line, int width)
    {
        if (line.Length <= width || line.AsSpan().ContainsAny(Escape, '\n', '─'))
        {
            yield return line;
            yield break;
        }

        string indent = new(' ', IndentOf(line));
        while (line.Length > width)
        {
            int cut = line.LastIndexOf(' ', width);
            if (cut <= indent.Length)
                cut = line.IndexOf(' ', Math.Min(width, line.Length));
            if (cut < 0)
                break;
            yield return line[..cut].TrimEnd();
            line = indent + line[cut..].TrimStart();
        }

        yield return line;
    }

    // A label ends with two blanks or more.
    private static int IndentOf(string line)
    {
        int start = line.Length - line.TrimStart().Length;
        int gap = line.IndexOf("  ", start, StringComparison.Ordinal);
        int text = gap < 0 ? start : gap;
        while (text < line.Length && line[text] == ' ')
            text++;
        return text <= MostIndent ? text : start;
    }
}
