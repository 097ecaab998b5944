using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnFast.Architecture.Tests;

/// <summary>Source files compiled as one, and the arrows between them as the compiler sees them.</summary>
internal sealed class SourceCode
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;" +
        "global using System.Threading; global using System.Threading.Tasks;";

    private readonly CSharpCompilation _compilation;
    private readonly SyntaxTree[] _trees;

    /// <summary>Compiles files.</summary>
    /// <param name="files">Path and text of every file.</param>
    /// <param name="generated">Texts that belong to them but have no place in the repository.</param>
    public SourceCode(IEnumerable<(string Path, string Text)> files, IEnumerable<string> generated)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        _trees = [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path))];
        _compilation = CSharpCompilation.Create(
            "src",
            [.. _trees, .. generated.Append(ImplicitUsings).Select(text => CSharpSyntaxTree.ParseText(text, options))],
            Assemblies(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>What keeps the arrows from being trusted: errors in declarations, such as a missing assembly.</summary>
    public IEnumerable<string> Errors =>
        _compilation.GetDeclarationDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found => found.ToString());

    /// <summary>The first arrow from every file to every other one that it uses.</summary>
    public IEnumerable<Arrow> Arrows() =>
        _trees.AsParallel().AsOrdered().SelectMany(tree => ArrowsFrom(tree).DistinctBy(arrow => arrow.To));

    // All that this test runs on, our own assemblies left out: those are what is compiled.
    private static IEnumerable<MetadataReference> Assemblies() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(file => !Path.GetFileName(file).StartsWith("CnnFast", StringComparison.Ordinal))
        .Select(file => MetadataReference.CreateFromFile(file));

    private IEnumerable<Arrow> ArrowsFrom(SyntaxTree tree)
    {
        SemanticModel model = _compilation.GetSemanticModel(tree);
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or ConstructorInitializerSyntax or ImplicitObjectCreationExpressionSyntax
                or ElementAccessExpressionSyntax or BinaryExpressionSyntax))
                continue;
            ISymbol? symbol = model.GetSymbolInfo(node).Symbol;
            if (symbol is IMethodSymbol { ReducedFrom: { } extension })
                symbol = extension;
            if (symbol is not (IMethodSymbol or IPropertySymbol or IFieldSymbol or INamedTypeSymbol or IEventSymbol))
                continue;
            string? to = symbol.OriginalDefinition.Locations.FirstOrDefault(location => location.IsInSource)?.SourceTree?.FilePath;
            if (!string.IsNullOrEmpty(to) && to != tree.FilePath)
                yield return new Arrow(tree.FilePath, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, to, symbol.Name);
        }
    }
}
