using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Reductions of imported models, along the last but one of four dimensions; those of images along their columns.</summary>
internal static class ReductionExport
{
    public static void Reduce(NodeExport node, ReduceOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(node.Reduce(NameOf(operation.Reduction), node.Input(0, order), Axis(order)), order);
    }

    public static void Argument(NodeExport node, ArgumentOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(node.Emit(operation.Kind, [node.Input(0, order)], Attribute.Integer("axis", Axis(order)),
            Attribute.Integer("select_last_index", operation.TakesLast ? 1 : 0)), order);
    }

    public static void Top(NodeExport node, TopOperation operation)
    {
        string[] inputs = [node.Natural(0), node.Integers("count", [operation.Count])];
        Proto.AttributeProto[] attributes = [Attribute.Integer("axis", -1), Attribute.Integer("largest", operation.Largest ? 1 : 0)];
        if (operation.Indices)
            node.Define(node.EmitSecond("TopK", inputs, attributes), TensorOrder.Natural);
        else
            node.Define(node.EmitFirst("TopK", inputs, attributes), TensorOrder.Natural);
    }

    private static int Axis(TensorOrder order) => order == TensorOrder.ChannelsFirst ? 3 : 2;

    private static string NameOf(Reduction reduction) => reduction switch
    {
        Reduction.Maximum => "ReduceMax",
        Reduction.Minimum => "ReduceMin",
        Reduction.Product => "ReduceProd",
        Reduction.SumOfSquares => "ReduceSumSquare",
        _ => $"Reduce{reduction}",
    };
}
