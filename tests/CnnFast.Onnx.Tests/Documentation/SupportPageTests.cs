namespace CnnFast.Onnx.Tests.Documentation;

/// <summary>docs/onnx-support.md says what the importer's table says.</summary>
public sealed class SupportPageTests
{
    private const string WriteVariable = "CNNFAST_WRITE_DOCS";

    [Fact]
    public void The_page_is_the_table()
    {
        string path = Path.Combine(Root(), "docs", "onnx-support.md");
        string page = SupportPage.Write(File.ReadAllLines(Path.Combine(Root(), "tests", "CnnFast.Onnx.Conformance", "Vectors",
            "vectors.txt")));
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            File.WriteAllText(path, page);
        Assert.True(page == File.ReadAllText(path),
            $"docs/onnx-support.md is not what the table of operators says; run this test with {WriteVariable}=1 to write it");
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CnnFast.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds CnnFast.sln.");
    }
}
