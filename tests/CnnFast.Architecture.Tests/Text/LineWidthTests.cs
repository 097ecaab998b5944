namespace CnnFast.Architecture.Tests;

/// <summary>Lines can be read side by side: none is longer than 140 characters, in code and in prose.</summary>
public sealed class LineWidthTests
{
    private const int Longest = 140;

    private static readonly string[] Patterns = ["*.cs", "*.md", "*.csproj", "*.props", "*.targets", "*.sh"];

    [Fact]
    public void No_line_is_longer_than_140_characters()
    {
        string[] files = [.. Patterns.SelectMany(Repository.TextFiles)];
        Assert.True(files.Length > 900, $"only {files.Length} files found");
        string[] faults = [.. files.SelectMany(path => TooLong(path, Repository.Read(path)))];
        Assert.True(faults.Length == 0, string.Join(Environment.NewLine, faults));
    }

    [Fact]
    public void A_longer_line_is_caught() =>
        Assert.Equal(["a.cs(2): 141 characters; expected at most 140."],
            TooLong("a.cs", $"{new string('x', 140)}\n{new string('y', 141)}\n"));

    private static IEnumerable<string> TooLong(string path, string text)
    {
        int number = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Length > Longest)
                yield return $"{path}({number}): {line.Length} characters; expected at most {Longest}.";
        }
    }
}
