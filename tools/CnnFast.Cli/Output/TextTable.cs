using Spectre.Console;

namespace CnnFast.Cli;

/// <summary>
/// A table that fits the width of the reader: names are shortened in the middle, columns that matter least are left out and named below,
/// numbers are always whole. Plain, it is as wide as it needs to be.
/// </summary>
internal sealed class TextTable(CommandHost host)
{
    private const string Gap = "  ";

    // Names shorter than this say little; columns are left out first.
    private const int LeastName = 14;
    private const int LeastOfAll = 4;

    private readonly List<Column> _columns = [];
    private readonly List<(string[] Cells, bool Bad)> _rows = [];

    /// <summary>Adds a column of names, which may be shortened.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="rank">0 for a column that always stands; the highest rank is left out first.</param>
    public TextTable Name(string title, int rank = 0)
    {
        _columns.Add(new Column(title, IsName: true, rank));
        return this;
    }

    /// <summary>Adds a column of numbers.</summary>
    /// <param name="title">Its title; a line break in it gives two lines.</param>
    /// <param name="rank">0 for a column that always stands; the highest rank is left out first.</param>
    public TextTable Number(string title, int rank = 0)
    {
        _columns.Add(new Column(title, IsName: false, rank));
        return this;
    }

    /// <summary>Adds a row; text of files may hold the control sequences of a terminal, which are not written.</summary>
    public void Row(params string[] cells) => _rows.Add(([.. cells.Select(InspectCommand.Printable)], false));

    /// <summary>Adds a row whose last cell says that something is wrong.</summary>
    public void BadRow(params string[] cells) => _rows.Add(([.. cells.Select(InspectCommand.Printable)], true));

    /// <summary>Writes the table.</summary>
    public void Write()
    {
        IAnsiConsole console = host.OutputConsole();
        bool plain = host.Format == OutputFormat.Plain;
        int[] shown = [.. Enumerable.Range(0, _columns.Count)];
        int[] widths = Natural(shown);
        int width = host.OutputIsTerminal ? Math.Max(CommandHost.UsualWidth, console.Profile.Width) : CommandHost.UsualWidth;
        while (!plain && !Shrink(shown, widths, width, LeastName) && shown.MaxBy(column => _columns[column].Rank) is var least
            && _columns[least].Rank > 0)
        {
            shown = [.. shown.Where(column => column != least)];
            widths = Natural(shown);
        }

        if (!plain)
            Shrink(shown, widths, width, LeastOfAll);
        for (int line = 0, lines = shown.Max(column => Titles(column).Length); line < lines; line++)
            Line(console, [.. shown.Select(column => TitleLine(column, line - lines))], shown, widths, "bold");
        if (!plain)
            console.WriteLine(new string('─', widths.Sum() + (Gap.Length * (widths.Length - 1))));
        foreach ((string[] cells, bool bad) in _rows)
            Line(console, [.. shown.Select(column => cells[column])], shown, widths, bad ? "red" : null);
        string[] left = [.. Enumerable.Range(0, _columns.Count).Except(shown).Select(column => string.Join(' ', Titles(column)))];
        if (left.Length > 0)
            console.WriteLine($"Too wide here: {string.Join(", ", left)}; --format plain has all.");
    }

    // The style is that of the whole line, or of the last cell alone where it is a warning.
    private void Line(IAnsiConsole console, string[] cells, int[] shown, int[] widths, string? style)
    {
        string[] padded = [.. cells.Select((cell, i) =>
        {
            string text = Shortened(cell, widths[i]);
            return _columns[shown[i]].IsName ? text.PadRight(widths[i]) : text.PadLeft(widths[i]);
        })];
        if (style is null || !host.OutputIsTerminal || !host.Colour || host.Format == OutputFormat.Plain)
        {
            host.Output.WriteLine(string.Join(Gap, padded).TrimEnd());
            return;
        }

        bool warns = style == "red";
        string start = warns ? string.Concat(padded[..^1].Select(cell => cell + Gap)) : "";
        string marked = warns ? padded[^1].TrimEnd() : string.Join(Gap, padded).TrimEnd();
        console.Write(new Markup($"{Markup.Escape(start)}[{style}]{Markup.Escape(marked)}[/]\n").Overflow(Overflow.Fold));
    }

    /// <summary>A name in so many characters: its start and its end, which tell names apart.</summary>
    public static string Shortened(string text, int width)
    {
        if (text.Length <= width)
            return text;
        int end = (width - 1) / 2;
        return string.Concat(text.AsSpan(0, width - 1 - end), "…", text.AsSpan(text.Length - end));
    }

    private string[] Titles(int column) => _columns[column].Title.Split('\n');

    // Titles end at the rule: a short one stands in the last line.
    private string TitleLine(int column, int fromEnd)
    {
        string[] titles = Titles(column);
        return titles.Length + fromEnd >= 0 ? titles[titles.Length + fromEnd] : "";
    }

    private int[] Natural(int[] shown) => [.. shown.Select(column =>
        Math.Max(Titles(column).Max(title => title.Length), _rows.Count == 0 ? 0 : _rows.Max(row => row.Cells[column].Length)))];

    // Takes from the widest name, one character at a time; true where the line fits then.
    private bool Shrink(int[] shown, int[] widths, int width, int least)
    {
        int excess = widths.Sum() + (Gap.Length * (widths.Length - 1)) - width;
        for (; excess > 0; excess--)
        {
            int widest = Enumerable.Range(0, shown.Length).Where(i => _columns[shown[i]].IsName && widths[i] > least)
                .DefaultIfEmpty(-1).MaxBy(i => i < 0 ? 0 : widths[i]);
            if (widest < 0)
                return false;
            widths[widest]--;
        }

        return true;
    }

    private sealed record Column(string Title, bool IsName, int Rank);
}
