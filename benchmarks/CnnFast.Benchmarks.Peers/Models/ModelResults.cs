namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The rows of models kept under benchmarks/results/&lt;cpu&gt;/: those of a run replace those of the same model, the others stay.
/// </summary>
internal static class ModelResults
{
    /// <summary>The name of a file for so many threads, without what follows.</summary>
    public static string NameFor(string benchmark, int threads) => $"{benchmark}-{threads}-thread{(threads == 1 ? "" : "s")}";

    /// <summary>Writes the rows in an order.</summary>
    /// <param name="name">The name of the file without its ending.</param>
    /// <param name="head">What stands above the rows.</param>
    /// <param name="lines">The rows.</param>
    /// <param name="order">All models in order; null for that of their names.</param>
    /// <returns>The file.</returns>
    public static string Merge(string name, IEnumerable<string> head, IEnumerable<string> lines, IEnumerable<string>? order = null)
    {
        string path = Path.Combine(CpuFolder.Path, name + ".txt");
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<string> before = File.Exists(path) ? File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#') : [];
        foreach (string line in before.ToArray().Concat(lines))
            kept[ModelText.Key(line)] = line;
        IEnumerable<string> ordered = (order ?? kept.Keys.Order(StringComparer.Ordinal)).Where(kept.ContainsKey)
            .Select(model => kept[model]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, [.. head.Select(h => "# " + h), .. ordered]);
        return path;
    }
}
