using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>One folder of the archive: a model and sets of inputs and expected outputs.</summary>
/// <param name="Name">Its path, as node/test_relu.</param>
/// <param name="Files">Its files by their path within the folder.</param>
internal sealed record Vector(string Name, IReadOnlyDictionary<string, byte[]> Files)
{
    public ModelProto Model() => ModelProto.Parser.ParseFrom(Files["model.onnx"]);

    /// <summary>The folders of its data sets.</summary>
    public IReadOnlyList<string> DataSets() =>
        [.. Files.Keys.Where(name => name.Contains('/', StringComparison.Ordinal))
            .Select(name => name.Split('/')[0])
            .Append("test_data_set_0")
            .Distinct()
            .Order(StringComparer.Ordinal)];

    /// <summary>
    /// The inputs that a data set gives, in the order of the graph's inputs that are no initialisers; null where one is no
    /// tensor of the library's types.
    /// </summary>
    public IReadOnlyDictionary<string, OnnxTensor>? Inputs(string dataSet)
    {
        GraphProto graph = Model().Graph;
        HashSet<string> initialised = [.. graph.Initializer.Select(tensor => tensor.Name)];
        return Read(dataSet, "input", [.. graph.Input.Where(input => !initialised.Contains(input.Name))]);
    }

    /// <summary>
    /// The outputs that a data set expects; null where one is no tensor of the library's types or is left out of the archive.
    /// </summary>
    public IReadOnlyDictionary<string, OnnxTensor>? Outputs(string dataSet) => Read(dataSet, "output", [.. Model().Graph.Output]);

    private Dictionary<string, OnnxTensor>? Read(string dataSet, string kind, ValueInfoProto[] values)
    {
        var tensors = new Dictionary<string, OnnxTensor>();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Type?.ValueCase != TypeProto.ValueOneofCase.TensorType)
                return null;
            bool packed = Files.TryGetValue($"{dataSet}/{kind}_{i}.pb", out byte[]? bytes);
            OnnxTensor? tensor = packed ? VectorTensor.Read(TensorProto.Parser.ParseFrom(bytes))
                : kind == "input" ? Zeros(values[i].Type.TensorType)
                : null;
            if (tensor is null)
                return null;
            tensors.Add(values[i].Name, tensor);
        }

        return tensors;
    }

    // What stands in for an input that is left out of the archive: its model is refused whatever it holds.
    private static OnnxTensor Zeros(TypeProto.Types.Tensor type)
    {
        int[] dimensions = [.. type.Shape.Dim.Select(d => (int)d.DimValue)];
        return OnnxTensor.Create(new float[dimensions.Aggregate(1, (count, d) => count * d)], dimensions);
    }
}
