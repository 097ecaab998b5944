namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>vectors.txt: one line a vector, "name: pass" or "name: not supported: reason", in the order of the names.</summary>
internal static class VectorList
{
    private const string Passes = "pass";
    private const string NotSupported = "not supported: ";

    /// <summary>The vectors' lines: null for one that passes, else the reason why it is not supported.</summary>
    public static SortedDictionary<string, string?> Read()
    {
        var list = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        using var reader = new StreamReader(typeof(VectorList).Assembly.GetManifestResourceStream("vectors.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            string state = colon < 0 ? "" : line[(colon + 2)..];
            if (state == Passes)
                list.Add(line[..colon], null);
            else if (state.StartsWith(NotSupported, StringComparison.Ordinal))
                list.Add(line[..colon], state[NotSupported.Length..]);
            else
                throw new InvalidDataException($"vectors.txt: '{line}' is neither 'name: pass' nor 'name: not supported: reason'.");
        }

        return list;
    }

    /// <summary>
    /// Writes the list as the results are. A vector that is in scope but fails stays listed as passing, so that
    /// the run goes on failing for it.
    /// </summary>
    public static void Write(string path, IEnumerable<(Vector Vector, VectorResult Result)> results)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine("# The vectors of ONNX 1.12 (node, pytorch-converted, pytorch-operator, simple): 'pass', or 'not supported: " +
            "reason', where loading or running throws NotSupportedException.");
        writer.WriteLine("# Written anew from the results by: CNNFAST_WRITE_VECTORS=tests/CnnFast.Onnx.Conformance/Vectors/vectors.txt " +
            "dotnet test -c Release --project tests/CnnFast.Onnx.Conformance");
        foreach ((Vector vector, VectorResult result) in results)
        {
            string? reason = result.Outcome switch
            {
                VectorOutcome.Pass => null,
                VectorOutcome.NotSupported => VectorScope.Reason(vector) ?? result.Text,
                _ => VectorScope.Reason(vector),
            };
            writer.WriteLine($"{vector.Name}: {(reason is null ? Passes : NotSupported + reason)}");
        }
    }
}
