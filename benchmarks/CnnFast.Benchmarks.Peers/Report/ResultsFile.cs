namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The rows kept under benchmarks/results/&lt;cpu&gt;/: those of a run replace those of the same shape and pass, the others stay.
/// </summary>
/// <param name="threads">Threads of each engine.</param>
/// <param name="isa">The tier that the engines were limited to, or null.</param>
internal sealed class ResultsFile(int threads, IsaLevel? isa)
{
    public string Path { get; } = System.IO.Path.Combine(CpuFolder.Path,
        $"peers-{threads}-thread{(threads == 1 ? "" : "s")}{(isa is null ? "" : "-" + isa)}.txt".ToLowerInvariant());

    /// <summary>Writes the rows in the order of the shape files.</summary>
    public void Merge(IReadOnlyList<string> head, RowText text, IEnumerable<string> lines)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        if (File.Exists(Path))
        {
            foreach (string line in File.ReadLines(Path).Where(l => l.Length > 0 && l[0] != '#'))
                kept[RowText.Key(line)] = line;
        }

        foreach (string line in lines)
            kept[RowText.Key(line)] = line;
        IEnumerable<string> ordered =
            from shape in ShapeFile.Convolutions()
            from pass in Enum.GetValues<ConvolutionPass>()
            let key = $"{shape.Name} {pass.Name()}"
            where kept.ContainsKey(key)
            select kept[key];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllLines(Path, [.. head.Select(h => "# " + h), "# " + RowText.Legend, "# " + text.Heading, .. ordered]);
    }
}
