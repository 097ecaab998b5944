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

    /// <summary>
    /// Another shape of the same elements; images whose channels stay keep their order, behind further dimensions of 1 too.
    /// </summary>
    public static void Reshape(NodeExport node)
    {
        ExportedValue input = node.Value(0);
        Shape output = node.Output;
        if (input is { Image: { } image, Order: TensorOrder.ChannelsFirst } && input.Sample.Rank >= 3 && EndsWith(output, image))
        {
            node.Share(input[TensorOrder.ChannelsFirst]!, TensorOrder.ChannelsFirst, image);
            return;
        }

        bool keepsChannels = output.Rank == 3 && (input.Sample.Rank == 3
            ? input.Order == TensorOrder.ChannelsFirst && output[2] == input.Sample[2]
            : output[0] * output[1] == 1);
        if (node.WholeOutput is { } whole && whole[0] != node.BatchOfOne(0)[0])
        {
            node.Define(node.Reshape(node.Natural(0), whole.Dimensions.ToArray()), TensorOrder.Natural);
            return;
        }

        TensorOrder from = keepsChannels && input.Sample.Rank == 3 ? TensorOrder.ChannelsFirst : TensorOrder.Natural;
        long[] dimensions = keepsChannels ? [0, output[2], output[0], output[1]] : [0, .. output.Dimensions.ToArray().Select(d => (long)d)];
        string result = node.Emit("Reshape", [node.Input(0, from), node.Constant("shape", dimensions)]);
        node.Define(result, keepsChannels ? TensorOrder.ChannelsFirst : TensorOrder.Natural);
    }

    // Whether a shape is the image behind dimensions of 1 alone: whoever knows of an image takes the last three dimensions for it. Where
    // the first dimension of whole values moves, there are more elements.
    private static bool EndsWith(Shape shape, Shape image) =>
        shape.Rank >= 3 && shape.ElementCount == image.ElementCount && shape.Dimensions[^3..].SequenceEqual(image.Dimensions);
}
