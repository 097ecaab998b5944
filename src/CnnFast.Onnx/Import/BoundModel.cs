using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>A model planned for inputs of fixed shapes, of any types. Thread-safe.</summary>
internal sealed class BoundModel
{
    private readonly PooledPlan? _plan;
    private readonly IReadOnlyList<(string Name, ImportedValue Value)> _wanted;
    private readonly bool[] _isKnown;

    /// <summary>Plans a graph of whole values.</summary>
    /// <param name="graph">The graph of the values that depend on data.</param>
    /// <param name="wanted">The values that callers receive.</param>
    /// <param name="known">The inputs whose values it was built for; null for the others.</param>
    /// <param name="options">How it is planned.</param>
    public BoundModel(Graph graph, IReadOnlyList<(string Name, ImportedValue Value)> wanted, IReadOnlyList<OnnxTensor?> known,
        PlanOptions options)
    {
        _wanted = wanted;
        _isKnown = [.. known.Select(value => value is not null)];
        if (graph.Outputs.Count > 0)
            _plan = new PooledPlan(new ExecutionPlan(graph, options), null);
    }

    /// <summary>Computes the outputs. Inputs without elements are no inputs of the graph.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyList<OnnxTensor> inputs, CancellationToken cancellationToken)
    {
        Memory<float>[] results = [.. (_plan?.Plan.Outputs ?? []).Select(output => new Memory<float>(new float[output.FloatsFor(1)]))];
        ReadOnlyMemory<float>[] given = [.. inputs.Where((input, i) => input.Count > 0 && !_isKnown[i]).Select(ToFloats)];
        _plan?.Run(1, given, results, cancellationToken);
        var outputs = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        int next = 0;
        foreach ((string name, ImportedValue value) in _wanted)
            outputs[name] = value.IsConstant ? value.Constant : ToTensor(value, results[next++]);

        return outputs;
    }

    private static OnnxTensor ToTensor(ImportedValue value, Memory<float> result)
    {
        OnnxTensor tensor = OnnxTensor.Allocate(value.Type, value.Dimensions);
        MemoryMarshal.AsBytes(result.Span)[..tensor.Bytes.Length].CopyTo(tensor.Bytes.Span);
        return tensor;
    }

    private static ReadOnlyMemory<float> ToFloats(OnnxTensor tensor)
    {
        var values = new float[ElementTypes.FloatsFor(tensor.ElementType, tensor.Count)];
        tensor.Bytes.Span.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
