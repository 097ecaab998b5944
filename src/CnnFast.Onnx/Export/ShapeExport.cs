namespace CnnFast.Onnx.Export;

/// <summary>Layers that compute nothing.</summary>
internal static class ShapeExport
{
    /// <summary>A row in the order that the image has; whoever needs another order pays for it.</summary>
    public static void Flatten(NodeExport node)
    {
        ExportedValue input = node.Value(0);
        if (input.Sample.Rank == 1)
        {
            node.Forward(0);
            return;
        }

        bool ordered = input.Order == TensorOrder.ChannelsFirst && input.Image is { } image && image[2] > 1 && image[0] * image[1] > 1;
        string row = node.Emit("Flatten", [node.Input(0, input.Order)], Attribute.Integer("axis", 1));
        node.Define(row, ordered ? TensorOrder.ChannelsFirst : TensorOrder.Natural, input.Image);
    }
}
