using CnnFast.Graphs;
using CnnFast.Kernels;
using CnnFast.Operators;

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

    /// <summary>Resize, or products with matrices, where places lie between pixels; else a Gather of the nearest ones.</summary>
    public static void Resizing(NodeExport node, ResizingOperation operation)
    {
        ResizeGeometry geometry = operation.Geometry(node.BatchOfOne(0));
        (ResizeAxis rows, ResizeAxis columns) = (geometry.Rows(), geometry.Columns());
        string images = node.Input(0, TensorOrder.ChannelsFirst);
        string result = operation.Interpolation == Interpolation.Nearest
            ? Picked(node, Picked(node, images, "rows", rows, 2), "columns", columns, 3)
            : InterpolationExport.Planes(node,
                new InterpolateOperation(new InterpolationTable(rows, []), new InterpolationTable(columns, []), 0), images);
        node.Define(result, TensorOrder.ChannelsFirst);
    }

    /// <summary>DepthToSpace, channels before the places in a block.</summary>
    public static void PixelShuffle(NodeExport node, PixelShuffleOperation operation) => node.Define(
        node.Emit("DepthToSpace", [node.Input(0, TensorOrder.ChannelsFirst)], Attribute.Integer("blocksize", operation.Factor),
            Attribute.Text("mode", "CRD")),
        TensorOrder.ChannelsFirst);

    private static string Picked(NodeExport node, string images, string role, ResizeAxis axis, int dimension) => node.Emit("Gather",
        [images, node.Integers(role, axis.Taps.Select(tap => tap.Index))], Attribute.Integer("axis", dimension));

    /// <summary>Zeros around images.</summary>
    public static void ZeroPadding(NodeExport node, ZeroPadding2DOperation operation)
    {
        string pads = node.Constant("pads", 0, 0, operation.Top, operation.Left, 0, 0, operation.Bottom, operation.Right);
        node.Define(node.Emit("Pad", [node.Input(0, TensorOrder.ChannelsFirst), pads]), TensorOrder.ChannelsFirst);
    }
}
