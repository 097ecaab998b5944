using CnnFast.Graphs;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Export;

/// <summary>One node of a model while it is written: what its writer asks for and what it leaves.</summary>
/// <param name="graph">The graph that is written.</param>
/// <param name="node">The node.</param>
internal sealed class NodeExport(GraphExport graph, Node node)
{
    public Operation Operation => node.Operation;

    public string Name => node.Name;

    /// <summary>Starts a sentence about the node, such as <c>Conv2D 'stem'</c>.</summary>
    public string Who => $"{node.Operation.Kind} '{node.Name}'";

    /// <summary>The parameters, in the order of the operation.</summary>
    public IReadOnlyList<Parameter> Parameters => node.Parameters;

    public int InputCount => node.Inputs.Count;

    /// <summary>The shape of one sample of the output.</summary>
    public Shape Output => node.Output.Shape;

    /// <summary>The shape of one sample of an input.</summary>
    public Shape InputShape(int index) => node.Inputs[index].Shape;

    /// <summary>The shapes of the inputs for a batch of one.</summary>
    public Shape BatchOfOne(int index) => node.Inputs[index].Shape.WithBatch(1);

    public ExportedValue Value(int index) => graph.Value(node.Inputs[index]);

    /// <summary>The tensor of an input in an order.</summary>
    public string Input(int index, TensorOrder order) => graph.Tensor(Value(index), order);

    /// <summary>The order that serves all inputs best where the node computes every element of a shape alike.</summary>
    public TensorOrder CommonOrder()
    {
        ExportedValue first = Value(0);
        IEnumerable<ExportedValue> values = Enumerable.Range(0, InputCount).Select(Value);
        return values.All(v => v.Image == first.Image) && values.Any(v => v.Order == TensorOrder.ChannelsFirst) ? TensorOrder.ChannelsFirst : TensorOrder.Natural;
    }

    /// <summary>The values of a parameter, by its role, such as <c>filter</c>; empty where the node has none.</summary>
    public ReadOnlySpan<float> Parameter(string role)
    {
        foreach (Parameter parameter in node.Parameters)
        {
            if (parameter.Name == $"{node.Name}.{role}")
                return parameter.Values;
        }

        return [];
    }

    /// <summary>Adds a constant of floats, named after the node; without dimensions one number.</summary>
    public string Constant(string role, float[] values, params ReadOnlySpan<int> dimensions) => graph.AddConstant($"{node.Name}.{role}", values, dimensions);

    /// <summary>Adds a constant list of integers, named after the node.</summary>
    public string Constant(string role, params ReadOnlySpan<long> values) => graph.AddConstant($"{node.Name}.{role}", values);

    /// <summary>Adds an ONNX node whose output the next one reads.</summary>
    public string Emit(string kind, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => graph.Emit($"{node.Name}/{kind}", kind, inputs, attributes);

    /// <summary>States that a tensor holds the output.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="order">Its order.</param>
    /// <param name="image">The image that a row is made of, where the order matters.</param>
    public void Define(string tensor, TensorOrder order, Shape? image = null)
    {
        Shape? ordered = Output.Rank == 3 ? Output : order == TensorOrder.ChannelsFirst ? image : null;
        graph.Define(node.Output, new ExportedValue(Output, ordered) { [order] = graph.Own(tensor, node.Name) });
    }

    /// <summary>States that the output is what an input is.</summary>
    public void Forward(int input) => graph.Define(node.Output, Value(input));
}
