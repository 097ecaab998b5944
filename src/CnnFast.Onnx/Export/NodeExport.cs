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
    public Shape Output => node.Output.SampleShape;

    /// <summary>The shape of the output with its first dimension; null where that is the batch.</summary>
    public Shape? WholeOutput => node.Output.IsWhole ? node.Output.Shape : null;

    /// <summary>The operator set.</summary>
    public int Opset => graph.Opset;

    /// <summary>The shape of one sample of an input.</summary>
    public Shape InputShape(int index) => node.Inputs[index].SampleShape;

    /// <summary>The shapes of the inputs for a batch of one.</summary>
    public Shape BatchOfOne(int index) => node.Inputs[index].ShapeFor(1);

    /// <summary>What the elements of an input are.</summary>
    public ElementType TypeOf(int index) => node.Inputs[index].Type;

    /// <summary>Whether an input has no batch, but the output has one.</summary>
    public bool LacksBatch(int index) => node.Inputs[index].IsWhole && !node.Output.IsWhole;

    public ExportedValue Value(int index) => graph.Value(node.Inputs[index]);

    /// <summary>The tensor of an input in an order.</summary>
    public string Input(int index, TensorOrder order) => graph.Tensor(Value(index), order);

    /// <summary>The order that serves all inputs best where the node computes every element of a shape alike.</summary>
    public TensorOrder CommonOrder()
    {
        ExportedValue first = Value(0);
        IEnumerable<ExportedValue> values = Enumerable.Range(0, InputCount).Select(Value);
        return values.All(v => v.Image == first.Image) && values.Any(v => v.Order == TensorOrder.ChannelsFirst)
            ? TensorOrder.ChannelsFirst
            : TensorOrder.Natural;
    }

    /// <summary>The order that serves inputs best whose dimensions go together one by one, some of them 1.</summary>
    public TensorOrder BroadcastOrder()
    {
        ExportedValue[] values = [.. Enumerable.Range(0, InputCount).Select(Value)];
        if (values.Any(value => value.Sample.Rank != 3))
            return values.All(value => value.Sample == values[0].Sample) ? CommonOrder() : TensorOrder.Natural;
        return values.Any(value => value.Order == TensorOrder.ChannelsFirst) ? TensorOrder.ChannelsFirst : TensorOrder.Natural;
    }

    /// <summary>An input as it is in this library.</summary>
    public string Natural(int index) => Input(index, TensorOrder.Natural);

    /// <summary>The values of a parameter, by its role, such as <c>filter</c>; empty where the node has none.</summary>
    public ReadOnlySpan<float> Parameter(string role)
    {
        foreach (Parameter parameter in node.Parameters)
        {
            if (parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..] == role)
                return parameter.Values;
        }

        return [];
    }

    /// <summary>Adds a constant of floats, named after the node; without dimensions one number.</summary>
    public string Constant(string role, float[] values, params ReadOnlySpan<int> dimensions) =>
        graph.AddConstant($"{node.Name}.{role}", values, dimensions);

    /// <summary>Adds a constant list of integers, named after the node.</summary>
    public string Constant(string role, params ReadOnlySpan<long> values) => graph.AddConstant($"{node.Name}.{role}", values);

    /// <summary>Adds a constant of any elements, named after the node.</summary>
    public string Constant(string role, ElementType type, ReadOnlySpan<byte> bytes, params ReadOnlySpan<int> dimensions) =>
        graph.AddConstant($"{node.Name}.{role}", type, bytes, dimensions);

    /// <summary>Adds a constant list of integers, named after the node.</summary>
    public string Integers(string role, IEnumerable<int> values) =>
        graph.AddConstant($"{node.Name}.{role}", [.. values.Select(value => (long)value)]);

    /// <summary>Adds an ONNX node of two outputs, of which the next one reads the second.</summary>
    public string EmitSecond(string kind, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        graph.EmitSecond($"{node.Name}/{kind}", kind, inputs, attributes);

    /// <summary>Adds an ONNX node of two outputs, of which the next one reads the first.</summary>
    public string EmitFirst(string kind, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        graph.EmitFirst($"{node.Name}/{kind}", kind, inputs, attributes);

    /// <summary>A tensor under another shape, 0 standing for the dimension that it has.</summary>
    public string Reshape(string tensor, params IEnumerable<int> dimensions) => Emit("Reshape", [tensor, Integers("shape", dimensions)]);

    /// <summary>A tensor with its dimensions in another order.</summary>
    public string Transpose(string tensor, params ReadOnlySpan<int> order) =>
        Emit("Transpose", [tensor], Attribute.Integers("perm", order));

    /// <summary>A reduction over some dimensions, which stay as 1.</summary>
    public string Reduce(string kind, string tensor, params int[] axes) => Opset >= 18 || kind == "ReduceSum"
        ? Emit(kind, [tensor, Integers("axes", axes)])
        : Emit(kind, [tensor], Attribute.Integers("axes", axes));

    /// <summary>Adds an ONNX node whose output the next one reads.</summary>
    public string Emit(string kind, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        graph.Emit($"{node.Name}/{kind}", kind, inputs, attributes);

    /// <summary>States that a tensor holds the output.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="order">Its order.</param>
    /// <param name="image">The image that a row is made of, where the order matters.</param>
    public void Define(string tensor, TensorOrder order, Shape? image = null)
    {
        Shape? ordered = Output.Rank == 3 ? Output : order == TensorOrder.ChannelsFirst ? image : null;
        graph.Define(node.Output, new ExportedValue(Output, ordered) { [order] = graph.Own(tensor, node.Name) });
    }

    /// <summary>The ONNX operator that computes a tensor, null where it is an input or a constant.</summary>
    public string? KindOf(string tensor) => graph.KindOf(tensor);

    /// <summary>Gives a tensor the name of the layer.</summary>
    public string Own(string tensor) => graph.Own(tensor, node.Name);

    /// <summary>States that a tensor, which keeps its name, holds the output.</summary>
    public void Share(string tensor, TensorOrder order, Shape? image) =>
        graph.Define(node.Output, new ExportedValue(Output, image) { [order] = tensor });

    /// <summary>States that the output is a constant.</summary>
    public void DefineConstant(ConstantOperation constant) =>
        graph.Define(node.Output,
            new ExportedValue(Output, Output.Rank == 3 ? Output : null) { Constant = constant, ConstantName = $"{node.Name}.value" });

    /// <summary>States that the output is what an input is.</summary>
    public void Forward(int input) => graph.Define(node.Output, Value(input));
}
