using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Layers of sequences, which ONNX has channels first.</summary>
internal static class SequenceExport
{
    public static void Convolution(NodeExport node, Conv1DOperation operation)
    {
        Conv2DGeometry g = operation.Geometry(node.Name, node.BatchOfOne(0));
        float[] filter = ConvolutionExport.ToOihw(node.Parameter("filter"), g.KW, g.GroupC, g.OC);
        var inputs = new List<string> { First(node), node.Constant("filter", filter, g.OC, g.GroupC, g.KW) };
        if (operation.UseBias)
            inputs.Add(node.Constant("bias", node.Parameter("bias").ToArray(), g.OC));
        string result = node.Emit(
            "Conv",
            inputs,
            Attribute.Integers("kernel_shape", g.KW),
            Attribute.Integers("strides", g.StrideW),
            Attribute.Integers("dilations", g.DilationW),
            Attribute.Integers("pads", g.PadLeft, g.PadRight),
            Attribute.Integer("group", g.Groups));
        Define(node, ActivationExport.Apply(node, result, operation.Activation));
    }

    /// <summary>MaxPool; where runtimes refuse padding as wide as the window (dilation allows it here), a Pad of −∞ goes first.</summary>
    public static void Max(NodeExport node, MaxPool1DOperation operation)
    {
        Pool2DGeometry g = operation.Geometry(node.Name, node.BatchOfOne(0));
        string input = First(node);
        bool isWide = Math.Max(g.PadLeft, g.PadRight) >= g.KW;
        if (isWide)
            input = node.Emit("Pad", [input, node.Constant("pads", 0, 0, g.PadLeft, 0, 0, g.PadRight),
                node.Constant("lowest", [float.NegativeInfinity])]);
        Define(node, node.Emit(
            "MaxPool",
            [input],
            Attribute.Integers("kernel_shape", g.KW),
            Attribute.Integers("strides", g.StrideW),
            Attribute.Integers("dilations", g.DilationW),
            Attribute.Integers("pads", isWide ? 0 : g.PadLeft, isWide ? 0 : g.PadRight)));
    }

    public static void Average(NodeExport node, AveragePool1DOperation operation)
    {
        Pool2DGeometry g = operation.Geometry(node.Name, node.BatchOfOne(0));
        if (g.DilationW > 1)
            throw new NotSupportedException(
                $"OnnxModel.Export: {node.Who}: means with dilation {g.DilationW} have no ONNX form here; nothing was written.");
        Define(node, node.Emit(
            "AveragePool",
            [First(node)],
            Attribute.Integers("kernel_shape", g.KW),
            Attribute.Integers("strides", g.StrideW),
            Attribute.Integers("pads", g.PadLeft, g.PadRight),
            Attribute.Integer("count_include_pad", operation.CountPadding ? 1 : 0)));
    }

    private static string First(NodeExport node) => node.Transpose(node.Natural(0), 0, 2, 1);

    private static void Define(NodeExport node, string result) => node.Define(node.Transpose(result, 0, 2, 1), TensorOrder.Natural);
}
