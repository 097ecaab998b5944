using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>A model planned for inputs of fixed shapes, of any types. Thread-safe.</summary>
internal sealed class BoundModel
{
    private readonly PooledPlan? _plan;
    private readonly IReadOnlyList<string> _names;
    private readonly IReadOnlyList<Value> _values;
    private readonly bool[] _isKnown;

    /// <summary>Plans a graph of whole values.</summary>
    /// <param name="built">The graph of the values that depend on data, and every wanted value.</param>
    /// <param name="known">The inputs whose values it was built for; null for the others.</param>
    /// <param name="options">Which values are wanted, and how they are computed.</param>
    /// <param name="maxRunBytes">The most bytes of a run.</param>
    public BoundModel((Graph Graph, IReadOnlyList<Value> Values) built, IReadOnlyList<OnnxTensor?> known, OnnxRunOptions options, long maxRunBytes)
    {
        _names = options.Outputs;
        _isKnown = [.. known.Select(value => value is not null)];
        _values = built.Values;
        if (built.Graph.Outputs.Count > 0)
            _plan = new PooledPlan(new ExecutionPlan(built.Graph, new PlanOptions(1, WorkScheduler.CreateForInference(options.MaxThreads), options.ConvAlgorithm) { MaxRunBytes = maxRunBytes }), null);
    }

    /// <summary>Computes the outputs. Inputs without elements are no inputs of the graph.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyList<OnnxTensor> inputs, CancellationToken cancellationToken)
    {
        Memory<float>[] results = [.. (_plan?.Plan.Outputs ?? []).Select(output => new Memory<float>(new float[output.FloatsFor(1)]))];
        ReadOnlyMemory<float>[] given = [.. inputs.Where((input, i) => input.Count > 0 && !_isKnown[i]).Select(ToFloats)];
        _plan?.Run(1, given, results, cancellationToken);
        var outputs = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        int next = 0;
        for (int i = 0; i < _names.Count; i++)
        {
            Value value = _values[i];
            outputs[_names[i]] = value.IsConstant ? value.Constant : ToTensor(value, results[next++]);
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
