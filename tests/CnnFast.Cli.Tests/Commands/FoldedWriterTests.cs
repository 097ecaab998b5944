namespace CnnFast.Cli.Tests;

/// <summary>Sentences on a terminal.</summary>
public sealed class FoldedWriterTests
{
    [Theory]
    [InlineData("short", 20, "short")]
    [InlineData("one two three four five", 12, "one two|three four|five")]
    [InlineData("  note: one two three", 12, "  note: one|  two three")]
    [InlineData("Operators      Conv 3, Relu 2, Add 1", 26, "Operators      Conv 3,|               Relu 2, Add|               1")]
    [InlineData("/a/path/that/has/no/blanks/at/all", 12, "/a/path/that/has/no/blanks/at/all")]
    [InlineData("\u001b[1mone two three four\u001b[0m", 12, "\u001b[1mone two three four\u001b[0m")]
    [InlineData("", 12, "")]
    public void A_line_breaks_between_words_below_its_text(string line, int width, string lines) =>
        Assert.Equal(lines.Split('|'), FoldedWriter.Fold(line, width));

    [Fact]
    public void Every_part_fits_and_no_word_is_lost()
    {
        string text = string.Join(' ', Enumerable.Range(0, 200).Select(i => new string('x', 1 + (i % 9))));
        string[] lines = [.. FoldedWriter.Fold("Label          " + text, 80)];
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(text.Split(' '), string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
    }
}
