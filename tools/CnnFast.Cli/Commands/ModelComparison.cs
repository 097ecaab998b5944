using CnnFast.Files;

namespace CnnFast.Cli;

/// <summary>A model of layers against given tensors.</summary>
internal static class ModelComparison
{
    /// <summary>Runs the model on the given inputs, as usual for its outputs and once more for layers inside.</summary>
    /// <returns>The differences.</returns>
    public static IReadOnlyList<TensorDifference> Run(string path, IReadOnlyList<GoldenTensor> files, int threads, ConvAlgorithm algorithm,
        Action<long, long>? progress, CancellationToken stop)
    {
        Model model = ModelSource.Load(path);
        LayerInfo[] layers = [.. model.Layers.Skip(model.Inputs.Count)];
        string[] inputs = [.. model.Inputs.Select(input => input.Name)];
        string[] outputs = [.. model.Outputs.Select(output => output.Name)];
        HashSet<string> known = [.. layers.Select(layer => layer.Name)];
        var given = new NpyArray?[inputs.Length];
        var wanted = new Dictionary<string, GoldenTensor>(StringComparer.Ordinal);
        foreach (GoldenTensor file in files)
        {
            string name = file.NameIn(inputs, outputs, known);
            if (Array.IndexOf(inputs, name) is >= 0 and var input)
                given[input] = NpyFile.Read(file.Path);
            else
                wanted[name] = file;
        }

        int n = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            NpyArray array = given[i] ?? throw new InputException($"The golden arrays have none for the input '{inputs[i]}'; " +
                $"expected one for each of {string.Join(", ", inputs.Select(input => $"'{input}'"))}.");
            Shape sample = model.Inputs[i].Shape;
            if (array.Shape.Rank != sample.Rank + 1 || array.Shape.WithoutBatch() != sample || (n > 0 && array.Shape[0] != n))
                throw new ShapeException(
                    $"The golden input '{inputs[i]}' is {array.Shape}; '{path}' expects samples of {sample}, as many in all inputs.");
            n = array.Shape[0];
        }

        ReadOnlyMemory<float>[] x = [.. given.Select(array => array!.Data)];
        Dictionary<string, (Shape Shape, float[] Values)> computed = Compute(model, x, n, threads, algorithm, stop);
        string[] inside = [.. layers.Select(layer => layer.Name).Where(name => wanted.ContainsKey(name) && !computed.ContainsKey(name))];
        if (inside.Length > 0)
        {
            foreach ((string name, (Shape Shape, float[] Values) result) in Compute(model.WithOutputs(inside), x, n, threads, algorithm,
                stop))
                computed[name] = result;
        }

        // Values inside in the order of the layers, then the outputs in that of the model.
        var compared = layers.Select((layer, place) => (layer.Name, Node: (place, $"{layer.Kind} '{layer.Name}'")))
            .Where(layer => wanted.ContainsKey(layer.Name));
        return [.. compared.OrderBy(layer => Array.IndexOf(outputs, layer.Name)).Select((layer, done) =>
        {
            stop.ThrowIfCancellationRequested();
            progress?.Invoke(done, wanted.Count);
            (Shape shape, float[] values) = computed[layer.Name];
            return TensorDifference.Of(layer.Name, layer.Node, shape.Dimensions.ToArray(), Array.ConvertAll(values, value => (double)value),
                wanted[layer.Name].Read());
        })];
    }

    private static Dictionary<string, (Shape Shape, float[] Values)> Compute(Model model, ReadOnlyMemory<float>[] x, int n, int threads,
        ConvAlgorithm algorithm, CancellationToken stop)
    {
        using var session = new InferenceSession(model,
            new SessionOptions { MaxBatch = n, MaxThreads = threads, ConvAlgorithm = algorithm });
        float[][] y = [.. model.Outputs.Select(output => new float[n * output.Shape.ElementCount])];
        session.Run(x, [.. y.Select(values => values.AsMemory())], stop);
        return model.Outputs.Select((output, i) => (output.Name, (output.Shape.WithBatch(n), y[i]))).ToDictionary(StringComparer.Ordinal);
    }
}
