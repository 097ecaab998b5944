namespace CnnFast.Architecture.Tests;

/// <summary>Which project may know which, use which packages and compile unsafe code.</summary>
internal static class LayerRules
{
    // Arrows go down a floor; a project may skip one.
    private static readonly Dictionary<string, string[]> Below = new()
    {
        ["CnnFast.Core"] = [],
        ["CnnFast.Reference"] = ["CnnFast.Core"],
        ["CnnFast.Kernels"] = ["CnnFast.Core"],
        ["CnnFast"] = ["CnnFast.Kernels", "CnnFast.Reference", "CnnFast.Core"],
        ["CnnFast.Onnx"] = ["CnnFast", "CnnFast.Kernels", "CnnFast.Core"],
        ["CnnFast.Testing"] = ["CnnFast.Kernels", "CnnFast.Reference", "CnnFast.Core"],
        ["CnnFast.Digits"] = ["CnnFast"],
        ["CnnFast.DependencyInjection"] = ["CnnFast"],
        ["CnnFast.TensorBoard"] = ["CnnFast"],
        ["CnnFast.Images"] = ["CnnFast"],
        ["CnnFast.Visualization"] = ["CnnFast"],
        ["CnnFast.DigitPictures"] = ["CnnFast"],
        ["CnnFast.Cli"] = ["CnnFast", "CnnFast.Onnx", "CnnFast.Digits", "CnnFast.TensorBoard", "CnnFast.Testing", "CnnFast.DigitPictures",
            "CnnFast.Images", "CnnFast.Visualization"],
        ["CnnFast.Server"] = ["CnnFast", "CnnFast.DependencyInjection", "CnnFast.DigitPictures"],
        ["CnnFast.Sample"] = ["CnnFast"],
        ["CnnFast.Samples"] = ["CnnFast", "CnnFast.Onnx"],
    };

    private static readonly string[] ShippedPackages = ["CommunityToolkit.HighPerformance", "Microsoft.Extensions.ObjectPool",
        "System.Numerics.Tensors"];

    // Packages that one project ships with and the others do not.
    private static readonly Dictionary<string, string[]> OwnPackages = new()
    {
        ["CnnFast.Onnx"] = ["Google.Protobuf"],
        ["CnnFast.TensorBoard"] = ["Google.Protobuf"],
        ["CnnFast.Images"] = ["SixLabors.ImageSharp"],
        ["CnnFast.Visualization"] = ["SixLabors.ImageSharp"],
        ["CnnFast.DependencyInjection"] = ["Microsoft.Extensions.DependencyInjection.Abstractions"],
    };

    // Which libraries see the internals of one; everybody else gets what users get.
    private static readonly Dictionary<string, string[]> Friends = new()
    {
        ["CnnFast.Core"] = ["CnnFast.Kernels", "CnnFast", "CnnFast.Onnx", "CnnFast.Images"],
        ["CnnFast.Kernels"] = ["CnnFast", "CnnFast.Onnx"],
        ["CnnFast.Reference"] = ["CnnFast"],
        ["CnnFast"] = ["CnnFast.Onnx", "CnnFast.Images"],
    };

    private static readonly string[] ShippedWithUnsafe = ["CnnFast.Core", "CnnFast.Kernels"];

    /// <summary>Every rule that a project breaks, one sentence each.</summary>
    public static IEnumerable<string> Violations(ProjectFile project)
    {
        bool shipped = project.Path.StartsWith("src/", StringComparison.Ordinal);
        bool proves = project.Path.StartsWith("tests/", StringComparison.Ordinal)
            || project.Path.StartsWith("benchmarks/", StringComparison.Ordinal);

        if (Below.TryGetValue(project.Name, out string[]? below))
        {
            foreach (string reference in project.References.Except(below))
                yield return $"{project.Name} references {reference}; " +
                    $"it may reference {(below.Length == 0 ? "nothing" : string.Join(", ", below))}.";
        }
        else if (!proves)
        {
            yield return $"{project.Name} has no floor; give it one in {nameof(LayerRules)}.";
        }

        if (shipped)
        {
            string[] packages = [.. ShippedPackages, .. OwnPackages.GetValueOrDefault(project.Name, [])];
            foreach (string package in project.Packages.Except(packages))
                yield return $"{project.Name} ships with package {package}; it may ship with {string.Join(", ", packages)}.";
        }

        if (project.AllowsUnsafe == true && !proves && !ShippedWithUnsafe.Contains(project.Name))
            yield return $"{project.Name} allows unsafe code; only {string.Join(", ", ShippedWithUnsafe)}, tests and benchmarks may.";
        if (shipped)
        {
            string[] friends = Friends.GetValueOrDefault(project.Name, []);
            string seers = string.Join(", ", [.. friends, "tests and benchmarks"]);
            foreach (string friend in project.Friends.Where(name => !IsProof(name)).Except([.. friends, "CnnFast.Reference"]))
                yield return $"{project.Name} shows its internals to {friend}; {seers} alone see them.";
        }

        if (project.Friends.Contains("CnnFast.Reference"))
            yield return $"{project.Name} shows its internals to CnnFast.Reference, which must share nothing with what it proves.";
    }

    private static bool IsProof(string name) => name.EndsWith("Tests", StringComparison.Ordinal)
        || name.EndsWith(".Conformance", StringComparison.Ordinal)
        || name is "CnnFast.Testing"
        || name.StartsWith("CnnFast.Benchmarks", StringComparison.Ordinal);
}
