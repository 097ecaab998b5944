using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Layers that change the size of images.</summary>
internal static class ResizeExport
{
    /// <summary>Resize by whole factors: repeated pixels, or weights between half-pixel centres with clamped edges.</summary>
    public static void UpSampling(NodeExport node, UpSampling2DOperation operation)
    {
        string scales = node.Constant("scales", [1f, 1f, operation.FactorH, operation.FactorW], 4);
        string[] inputs = [node.Input(0, TensorOrder.ChannelsFirst), "", scales];
        string result = operation.Interpolation == Interpolation.Nearest
            ? node.Emit("Resize", inputs, Attribute.Text("mode", "nearest"), Attribute.Text("coordinate_transformation_mode", "asymmetric"),
                Attribute.Text("nearest_mode", "floor"))
            : node.Emit("Resize", inputs, Attribute.Text("mode", "linear"), Attribute.Text("coordinate_transformation_mode", "half_pixel"));
        node.Define(result, TensorOrder.ChannelsFirst);
    }

    /// <summary>Zeros around images.</summary>
    public static void ZeroPadding(NodeExport node, ZeroPadding2DOperation operation)
    {
        string pads = node.Constant("pads", 0, 0, operation.Top, operation.Left, 0, 0, operation.Bottom, operation.Right);
        node.Define(node.Emit("Pad", [node.Input(0, TensorOrder.ChannelsFirst), pads]), TensorOrder.ChannelsFirst);
    }
}
