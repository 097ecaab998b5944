namespace CnnFast.Architecture.Tests;

/// <summary>
/// Folders are floors: what a file uses lies in its own folder or on a lower floor. Arrows between projects are
/// <see cref="LayeringTests"/>'.
/// </summary>
public sealed class RoomTests
{
    private const string Picture = """
        ```floors
        CnnFast
          Upper
          Left Right
          Left/Deep
        ```
        """;

    private static readonly Floors Drawn = Floors.Parse(Repository.Read("docs/architecture.md"));

    [Fact]
    public void No_arrow_between_folders_of_src_runs_up()
    {
        string[] files = [.. Repository.Files("*.cs").Where(path => path.StartsWith("src/", StringComparison.Ordinal))];
        Assert.True(files.Length > 400, $"only {files.Length} sources found");
        var code = new SourceCode(files.Select(path => (path, Repository.Read(path))), Generated());
        Assert.Empty(code.Errors);
        AssertNone(Faults(Drawn, files, code.Arrows()));
    }

    [Fact]
    public void Every_room_that_the_architecture_draws_exists() => AssertNone(Drawn.Rooms
        .Where(room => !Directory.Exists(Path.Combine(Repository.Root, "src", room)))
        .Select(room => $"docs/architecture.md draws {room}, which src does not have."));

    [Theory]
    [InlineData("Upper/A.cs", "Left/B.cs", null)]
    [InlineData("Upper/A.cs", "Left/Deep/Deeper/B.cs", null)]
    [InlineData("Left/A.cs", "Left/Deep/B.cs", null)]
    [InlineData("Left/A.cs", "Right/B.cs", "src/CnnFast/Left/A.cs(3): B is in CnnFast/Right, which is not below CnnFast/Left.")]
    [InlineData("Left/A.cs", "Upper/B.cs", "src/CnnFast/Left/A.cs(3): B is in CnnFast/Upper, which is not below CnnFast/Left.")]
    [InlineData("Left/Deep/A.cs", "Left/B.cs",
        "src/CnnFast/Left/Deep/A.cs(3): B is in CnnFast/Left, which is not below CnnFast/Left/Deep.")]
    [InlineData("Cellar/A.cs", "Left/B.cs", "src/CnnFast/Cellar/A.cs is in no room that docs/architecture.md draws.")]
    public void An_arrow_that_runs_up_is_caught_with_its_file_and_line(string from, string to, string? fault)
    {
        (string Path, string Text)[] files = [($"src/CnnFast/{from}", "class A\n{\n    B? Field;\n}"), ($"src/CnnFast/{to}", "class B;")];
        var code = new SourceCode(files, []);
        Assert.Empty(code.Errors);
        Assert.Equal(fault is null ? [] : [fault], Faults(Floors.Parse(Picture), files.Select(file => file.Path), code.Arrows()));
    }

    private static IEnumerable<string> Faults(Floors floors, IEnumerable<string> files, IEnumerable<Arrow> arrows)
    {
        foreach (string file in files.Where(file => floors.RoomOf(file) is null))
            yield return $"{file} is in no room that docs/architecture.md draws.";
        foreach (Arrow arrow in arrows)
        {
            if (floors.RoomOf(arrow.From) is { } from && floors.RoomOf(arrow.To) is { } to && ProjectOf(from) == ProjectOf(to)
                && !floors.Allows(from, to))
                yield return $"{arrow.From}({arrow.Line}): {arrow.Name} is in {to}, which is not below {from}.";
        }
    }

    private static string ProjectOf(string room) => room[..room.IndexOf('/', StringComparison.Ordinal)];

    // The code of the ONNX format's messages, which the build of CnnFast.Onnx makes.
    private static IEnumerable<string> Generated()
    {
        string[] found = Directory.GetFiles(Path.Combine(Repository.Root, "src/CnnFast.Onnx/obj"), "Onnx.cs", SearchOption.AllDirectories);
        return found.Length > 0
            ? [File.ReadAllText(found.MaxBy(File.GetLastWriteTimeUtc)!)]
            : throw new InvalidOperationException("src/CnnFast.Onnx/obj holds no Onnx.cs; expected the one that the build makes.");
    }

    private static void AssertNone(IEnumerable<string> faults) => Assert.True(!faults.Any(), string.Join(Environment.NewLine, faults));
}
