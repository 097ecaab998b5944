using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>A model planned for inputs of fixed shapes, of any types. Thread-safe.</summary>
internal sealed class BoundModel
{
    private readonly PooledPlan? _plan;
    private readonly IReadOnlyList<OnnxTensorInfo> _outputs;
    private readonly IReadOnlyList<Value> _values;
    private readonly bool[] _isKnown;

    /// <summary>Plans a graph of whole values.</summary>
    /// <param name="built">The graph of the outputs that depend on data, and every output.</param>
    /// <param name="known">The inputs whose values it was built for; null for the others.</param>
    /// <param name="outputs">What the outputs are.</param>
    public BoundModel((Graph Graph, IReadOnlyList<Value> Outputs) built, IReadOnlyList<OnnxTensor?> known, IReadOnlyList<OnnxTensorInfo> outputs)
    {
        _outputs = outputs;
        _isKnown = [.. known.Select(value => value is not null)];
        _values = built.Outputs;
        if (built.Graph.Outputs.Count > 0)
            _plan = new PooledPlan(new ExecutionPlan(built.Graph, new PlanOptions(1, SerialScheduler.Instance, ConvAlgorithm.Auto)), null);
    }

    /// <summary>Computes the outputs. Inputs without elements are no inputs of the graph.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyList<OnnxTensor> inputs)
    {
        Memory<float>[] results = [.. (_plan?.Plan.Outputs ?? []).Select(output => new Memory<float>(new float[output.FloatsFor(1)]))];
        ReadOnlyMemory<float>[] given = [.. inputs.Where((input, i) => input.Count > 0 && !_isKnown[i]).Select(ToFloats)];
        _plan?.Run(1, given, results, CancellationToken.None);
        var outputs = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        int next = 0;
        for (int i = 0; i < _outputs.Count; i++)
        {
            Value value = _values[i];
            outputs[_outputs[i].Name] = value.IsConstant ? value.Constant : ToTensor(value, results[next++]);
        }

        return outputs;
    }

    private static OnnxTensor ToTensor(Value value, Memory<float> result)
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
