using CnnFast.Onnx;

namespace CnnFast.Cli;

/// <summary>An ONNX model against given tensors.</summary>
internal static class OnnxComparison
{
    /// <summary>Runs the model on the given inputs, as usual for its outputs and once more for values inside.</summary>
    /// <returns>The differences.</returns>
    public static IReadOnlyList<TensorDifference> Run(string path, IReadOnlyList<GoldenTensor> files, int threads, ConvAlgorithm algorithm,
        Action<long, long>? progress, CancellationToken stop)
    {
        OnnxModel model = OnnxModel.Load(path);
        string[] inputs = [.. model.Inputs.Select(input => input.Name)];
        string[] outputs = [.. model.Outputs.Select(output => output.Name)];
        var nodes = new Dictionary<string, (int Index, string Who)>(StringComparer.Ordinal);
        for (int i = 0; i < model.Nodes.Count; i++)
        {
            foreach (string result in model.Nodes[i].Outputs)
                nodes[result] = (i, model.Nodes[i].Label);
        }

        HashSet<string> known = [.. nodes.Keys];
        var given = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        var wanted = new Dictionary<string, GoldenTensor>(StringComparer.Ordinal);
        foreach (GoldenTensor file in files)
        {
            string name = file.NameIn(inputs, outputs, known);
            if (Array.IndexOf(inputs, name) is >= 0 and var input)
                given[name] = OnnxTensor.ReadNpy(file.Path, model.Inputs[input].ElementType);
            else
                wanted[name] = file;
        }

        string[] ends = [.. outputs.Where(wanted.ContainsKey)];
        string[] inside = [.. wanted.Keys.Except(ends)];
        var options = new OnnxRunOptions { MaxThreads = threads, ConvAlgorithm = algorithm };
        var computed = new Dictionary<string, OnnxTensor>(model.Run(given, options, stop), StringComparer.Ordinal);
        if (inside.Length > 0)
        {
            foreach ((string name, OnnxTensor tensor) in model.Run(given, options with { Outputs = inside }, stop))
                computed[name] = tensor;
        }

        // Values inside in the order of the nodes, then the outputs in that of the model.
        return [.. inside.OrderBy(name => nodes.TryGetValue(name, out (int Index, string Who) node) ? node.Index : -1)
            .Concat(ends)
            .Select((name, done) =>
            {
                stop.ThrowIfCancellationRequested();
                progress?.Invoke(done, wanted.Count);
                OnnxTensor tensor = computed[name];
                return TensorDifference.Of(name, nodes.TryGetValue(name, out (int Index, string Who) node) ? node : (-1, "no node"),
                    tensor.Dimensions, OnnxArrays.Numbers(tensor), wanted[name].Read());
            })];
    }
}
