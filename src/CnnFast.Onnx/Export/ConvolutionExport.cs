using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Convolutions.</summary>
internal static class ConvolutionExport
{
    public static void Convolution(NodeExport node, ConvolutionOperation operation)
    {
        Conv2DGeometry g = operation.Geometry(node.Name, node.BatchOfOne(0));
        var inputs = new List<string>
        {
            node.Input(0, TensorOrder.ChannelsFirst),
            Filter(node, g),
        };
        if (operation.UseBias)
            inputs.Add(Bias(node, g.OC));
        string result = node.Emit(
            "Conv",
            inputs,
            Attribute.Integers("kernel_shape", g.KH, g.KW),
            Attribute.Integers("strides", g.StrideH, g.StrideW),
            Attribute.Integers("dilations", g.DilationH, g.DilationW),
            Attribute.Integers("pads", g.PadTop, g.PadLeft, g.PadBottom, g.PadRight),
            Attribute.Integer("group", g.Groups));
        node.Define(ActivationExport.Apply(node, result, operation.Activation), TensorOrder.ChannelsFirst);
    }

    public static void Transposed(NodeExport node, Conv2DTransposeOperation operation)
    {
        Conv2DGeometry g = operation.Geometry(node.Name, node.BatchOfOne(0));
        var inputs = new List<string>
        {
            node.Input(0, TensorOrder.ChannelsFirst),
            Filter(node, g),
        };
        int bottom = LeftOver(g.H, g.OH, g.KH, g.StrideH, g.DilationH, g.PadTop + g.PadBottom);
        int right = LeftOver(g.W, g.OW, g.KW, g.StrideW, g.DilationW, g.PadLeft + g.PadRight);
        if (bottom >= g.StrideH || right >= g.StrideW)
        {
            node.Define(ActivationExport.Apply(node, Padded(node, g, inputs, bottom, right, operation.UseBias), operation.Activation),
                TensorOrder.ChannelsFirst);
            return;
        }

        if (operation.UseBias)
            inputs.Add(Bias(node, g.C));
        string result = node.Emit(
            "ConvTranspose",
            inputs,
            Attribute.Integers("kernel_shape", g.KH, g.KW),
            Attribute.Integers("strides", g.StrideH, g.StrideW),
            Attribute.Integers("dilations", g.DilationH, g.DilationW),
            Attribute.Integers("pads", g.PadTop, g.PadLeft, g.PadBottom, g.PadRight),
            Attribute.Integers("output_padding", bottom, right),
            Attribute.Integer("group", g.Groups));
        node.Define(ActivationExport.Apply(node, result, operation.Activation), TensorOrder.ChannelsFirst);
    }

    // An output padding of a stride or more, which runtimes refuse: first less is left off, then zeros are added before the bias.
    private static string Padded(NodeExport node, Conv2DGeometry g, IEnumerable<string> inputs, int bottom, int right, bool useBias)
    {
        int rows = Math.Min(bottom, g.PadBottom), columns = Math.Min(right, g.PadRight);
        string result = node.Emit(
            "ConvTranspose",
            inputs,
            Attribute.Integers("kernel_shape", g.KH, g.KW),
            Attribute.Integers("strides", g.StrideH, g.StrideW),
            Attribute.Integers("dilations", g.DilationH, g.DilationW),
            Attribute.Integers("pads", g.PadTop, g.PadLeft, g.PadBottom - rows, g.PadRight - columns),
            Attribute.Integer("group", g.Groups));
        if (bottom > rows || right > columns)
            result = node.Emit("Pad", [result, node.Constant("pads", 0, 0, 0, 0, 0, 0, bottom - rows, right - columns)]);
        return useBias ? node.Emit("Add", [result, node.Reshape(Bias(node, g.C), g.C, 1, 1)]) : result;
    }

    // Where other nodes compute the weights they are inputs.
    private static string Filter(NodeExport node, Conv2DGeometry g) => node.InputCount > 1
        ? node.Transpose(node.Reshape(node.Natural(1), g.KH, g.KW, g.GroupC, g.OC), 3, 2, 0, 1)
        : node.Constant("filter", ToOihw(node.Parameter("filter"), g.KH * g.KW, g.GroupC, g.OC), g.OC, g.GroupC, g.KH, g.KW);

    private static string Bias(NodeExport node, int channels) =>
        node.InputCount > 1 ? node.Natural(2) : node.Constant("bias", node.Parameter("bias").ToArray(), channels);

    // Positions of the output beyond the last window.
    private static int LeftOver(int output, int input, int window, int stride, int dilation, int padding) =>
        output + padding - ((input - 1) * stride) - ((window - 1) * dilation) - 1;

    /// <summary>A filter [taps, IC, OC] as [OC, IC, taps].</summary>
    internal static float[] ToOihw(ReadOnlySpan<float> filter, int taps, int ic, int oc)
    {
        var oihw = new float[filter.Length];
        for (int k = 0, to = 0; k < oc; k++)
        {
            for (int c = 0; c < ic; c++)
            {
                for (int t = 0; t < taps; t++)
                    oihw[to++] = filter[(((t * ic) + c) * oc) + k];
            }
        }

        return oihw;
    }
}
