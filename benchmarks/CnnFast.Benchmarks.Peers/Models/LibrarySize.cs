using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The size of the assemblies that a program that runs models ships.</summary>
internal static class LibrarySize
{
    private static readonly string[] s_assemblies = ["CnnFast.Core.dll", "CnnFast.Kernels.dll", "CnnFast.dll"];

    public static ModelNote Run(string key, double? bound)
    {
        double[] sizes = [.. s_assemblies.Select(file => new FileInfo(Path.Combine(AppContext.BaseDirectory, file)).Length * 1e-6)];
        string figure = sizes.Sum().ToString("0.00", CultureInfo.InvariantCulture);
        IEnumerable<string> parts =
            s_assemblies.Zip(sizes, (file, size) => string.Create(CultureInfo.InvariantCulture, $"{file} {size:0.00}"));
        return new ModelNote(
            key,
            $"{figure} MB: {string.Join(", ", parts)}",
            new Dictionary<string, double> { ["MB"] = sizes.Sum() },
            bound is { } most ? new ModelVerdict(key, ModelMeasure.Size, most, figure, sizes.Sum() <= most) : null);
    }
}
