namespace CnnFast.Benchmarks.Peers;

/// <summary>The rows of models kept under benchmarks/results/&lt;cpu&gt;/: those of a run replace those of the same model, the others stay.</summary>
internal static class ModelResults
{
    /// <summary>Writes the rows in the order of the catalog.</summary>
    /// <returns>The file.</returns>
    public static string Merge(ModelsOptions options, IEnumerable<string> head, IEnumerable<string> lines)
    {
        string path = Path.Combine(Path.GetDirectoryName(ShapeFile.Folder)!, "results", CpuFolder.Name, $"models-{options.Threads}-thread{(options.Threads == 1 ? "" : "s")}-batch-{options.Batch}.txt");
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<string> before = File.Exists(path) ? File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#') : [];
        foreach (string line in before.ToArray().Concat(lines))
            kept[ModelText.Key(line)] = line;
        IEnumerable<string> ordered = ModelCatalog.Names.Concat(NoteCatalog.Keys).Where(kept.ContainsKey).Select(name => kept[name]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, [.. head.Select(h => "# " + h), .. ordered]);
        return path;
    }
}
