using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CnnFast.Architecture.Tests;

public sealed partial class LayeringTests
{
    private const string Reference = "src/CnnFast.Reference/CnnFast.Reference.csproj";

    [Fact]
    public void Every_project_keeps_to_its_floor()
    {
        IReadOnlyList<ProjectFile> projects = Repository.Projects();
        Assert.Superset(
            new HashSet<string>
            {
                "CnnFast.Core", "CnnFast.Reference", "CnnFast.Kernels", "CnnFast", "CnnFast.Onnx", "CnnFast.Cli", "CnnFast.Testing",
            },
            projects.Select(p => p.Name).ToHashSet());
        AssertNone(projects.SelectMany(LayerRules.Violations));
    }

    [Fact]
    public void Unsafe_code_does_not_compile_unless_a_project_asks_for_it()
    {
        XElement properties = XDocument.Parse(Repository.Read("Directory.Build.props")).Root!;
        Assert.Equal(["false"], properties.Descendants("AllowUnsafeBlocks").Select(e => e.Value));
        foreach (string path in Repository.Files("*.props").Concat(Repository.Files("*.targets")))
            Assert.DoesNotContain("AllowUnsafeBlocks", Repository.Read(path));
    }

    [Fact]
    public void No_shipped_project_calls_native_code()
    {
        IReadOnlyList<string> sources = [.. Repository.Files("*.cs").Where(path => path.StartsWith("src/", StringComparison.Ordinal))];
        Assert.True(sources.Count > 20, $"only {sources.Count} sources found");
        AssertNone(sources.Where(path => NativeCall().IsMatch(Repository.Read(path))).Select(path => $"{path} imports a native function."));
    }

    [Fact]
    public void The_reference_uses_no_vectors_and_no_pointers() =>
        AssertNone(Repository.Files("*.cs")
            .Where(path => path.StartsWith("src/CnnFast.Reference/", StringComparison.Ordinal) && Clever().IsMatch(Repository.Read(path)))
            .Select(path => $"{path} uses vectors, pointers or threads."));

    [Fact]
    public void The_solution_builds_every_project_but_the_peers()
    {
        string solution = Repository.Read("CnnFast.sln").Replace('\\', '/');
        AssertNone(Repository.Projects()
            .Where(p =>
                !p.Name.EndsWith(".Peers", StringComparison.Ordinal) && !solution.Contains($"\"{p.Path}\"", StringComparison.Ordinal))
            .Select(p => $"{p.Path} is not in CnnFast.sln."));
    }

    [Theory]
    [InlineData("src/CnnFast.Reference/CnnFast.Reference.csproj",
        """<ProjectReference Include="..\CnnFast.Kernels\CnnFast.Kernels.csproj" />""",
        "CnnFast.Reference references CnnFast.Kernels; it may reference CnnFast.Core.")]
    [InlineData("src/CnnFast.Kernels/CnnFast.Kernels.csproj", """<ProjectReference Include="../CnnFast/CnnFast.csproj" />""",
        "CnnFast.Kernels references CnnFast; it may reference CnnFast.Core.")]
    [InlineData("src/CnnFast.Core/CnnFast.Core.csproj", """<ProjectReference Include="../CnnFast.Kernels/CnnFast.Kernels.csproj" />""",
        "CnnFast.Core references CnnFast.Kernels; it may reference nothing.")]
    [InlineData("src/CnnFast.Kernels/CnnFast.Kernels.csproj",
        """<ProjectReference Include="../CnnFast.Reference/CnnFast.Reference.csproj" />""",
        "CnnFast.Kernels references CnnFast.Reference; it may reference CnnFast.Core.")]
    [InlineData("src/CnnFast/CnnFast.csproj", """<PackageReference Include="Microsoft.ML.OnnxRuntime" />""",
        "CnnFast ships with package Microsoft.ML.OnnxRuntime; it may ship with CommunityToolkit.HighPerformance, " +
        "Microsoft.Extensions.ObjectPool, System.Numerics.Tensors.")]
    [InlineData("src/CnnFast/CnnFast.csproj", """<ProjectReference Include="../CnnFast.Onnx/CnnFast.Onnx.csproj" />""",
        "CnnFast references CnnFast.Onnx; it may reference CnnFast.Kernels, CnnFast.Reference, CnnFast.Core.")]
    [InlineData("src/CnnFast/CnnFast.csproj", """<PackageReference Include="Google.Protobuf" />""", "CnnFast ships with package " +
        "Google.Protobuf; it may ship with CommunityToolkit.HighPerformance, Microsoft.Extensions.ObjectPool, System.Numerics.Tensors.")]
    [InlineData("src/CnnFast/CnnFast.csproj", "<AllowUnsafeBlocks>true</AllowUnsafeBlocks>",
        "CnnFast allows unsafe code; only CnnFast.Core, CnnFast.Kernels, tests and benchmarks may.")]
    [InlineData("tools/CnnFast.Cli/CnnFast.Cli.csproj", "<AllowUnsafeBlocks>true</AllowUnsafeBlocks>",
        "CnnFast.Cli allows unsafe code; only CnnFast.Core, CnnFast.Kernels, tests and benchmarks may.")]
    [InlineData("src/CnnFast.Core/CnnFast.Core.csproj", """<InternalsVisibleTo Include="CnnFast.Reference" />""",
        "CnnFast.Core shows its internals to CnnFast.Reference, which must share nothing with what it proves.")]
    [InlineData("src/CnnFast/CnnFast.csproj", """<InternalsVisibleTo Include="CnnFast.Cli" />""",
        "CnnFast shows its internals to CnnFast.Cli; CnnFast.Onnx, CnnFast.Images, tests and benchmarks alone see them.")]
    [InlineData("src/CnnFast.New/CnnFast.New.csproj", "", "CnnFast.New has no floor; give it one in LayerRules.")]
    public void An_arrow_that_goes_up_is_caught(string path, string item, string violation) =>
        Assert.Equal([violation], LayerRules.Violations(ProjectFile.Parse(path, $"<Project><ItemGroup>{item}</ItemGroup></Project>")));

    [Fact]
    public void Private_analyzers_ship_with_no_one()
    {
        const string Package = """<PackageReference Include="Microsoft.CodeAnalysis.PublicApiAnalyzers" PrivateAssets="all" />""";
        Assert.Empty(LayerRules.Violations(ProjectFile.Parse(Reference, $"<Project><ItemGroup>{Package}</ItemGroup></Project>")));
    }

    private static void AssertNone(IEnumerable<string> violations) =>
        Assert.True(!violations.Any(), string.Join(Environment.NewLine, violations));

    [GeneratedRegex(@"\b(DllImport|LibraryImport|NativeLibrary)\b")]
    private static partial Regex NativeCall();

    [GeneratedRegex(@"\b(unsafe|System\.Numerics|System\.Runtime\.Intrinsics|Vector\d*<|Unsafe\.|MemoryMarshal|Parallel\.)")]
    private static partial Regex Clever();
}
