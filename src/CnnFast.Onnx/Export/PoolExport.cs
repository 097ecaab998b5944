using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>Pooling.</summary>
internal static class PoolExport
{
    /// <summary>MaxPool; where runtimes refuse padding as wide as the window (dilation allows it here), a Pad of −∞ goes first.</summary>
    public static void Max(NodeExport node, Window2D window)
    {
        Pool2DGeometry g = window.PoolOver(node.Who, node.Name, node.BatchOfOne(0));
        int[] pads = Pads(g);
        string input = Behind(node, node.Input(0, TensorOrder.ChannelsFirst));
        if (IsWide(g, pads))
        {
            string amounts = node.Constant("pads", 0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]);
            input = node.Emit("Pad", [input, amounts, node.Constant("lowest", [float.NegativeInfinity])]);
            pads = [0, 0, 0, 0];
        }

        string result = node.Emit(
            "MaxPool",
            [input],
            Attribute.Integers("kernel_shape", g.KH, g.KW),
            Attribute.Integers("strides", g.StrideH, g.StrideW),
            Attribute.Integers("dilations", g.DilationH, g.DilationW),
            Attribute.Integers("pads", pads));
        node.Define(result, TensorOrder.ChannelsFirst);
    }

    /// <summary>
    /// AveragePool; with dilation, which it knows from opset 19 on and not with wide padding, a sum by Conv and a division.
    /// </summary>
    public static void Average(NodeExport node, AveragePool2DOperation operation)
    {
        Pool2DGeometry g = operation.Window.PoolOver(node.Who, node.Name, node.BatchOfOne(0));
        int[] pads = Pads(g);
        if (g.DilationH > 1 || g.DilationW > 1)
        {
            node.Define(DilatedAverage(node, g, pads, operation.CountPadding), TensorOrder.ChannelsFirst);
            return;
        }

        string result = node.Emit(
            "AveragePool",
            [Behind(node, node.Input(0, TensorOrder.ChannelsFirst))],
            Attribute.Integers("kernel_shape", g.KH, g.KW),
            Attribute.Integers("strides", g.StrideH, g.StrideW),
            Attribute.Integers("pads", pads),
            Attribute.Integer("count_include_pad", operation.CountPadding ? 1 : 0));
        node.Define(result, TensorOrder.ChannelsFirst);
    }

    /// <summary>An ONNX operator that leaves one pixel of every image, and that pixel as a row.</summary>
    public static void Global(NodeExport node, string kind)
    {
        string pixel = node.Own(node.Emit(kind, [node.Input(0, TensorOrder.ChannelsFirst)]));
        node.Share(node.Emit("Flatten", [pixel], Attribute.Integer("axis", 1)), TensorOrder.Natural, null);
    }

    /// <summary>Where the maxima are, of planes.</summary>
    public static void Indices(NodeExport node, MaxPoolIndicesOperation operation)
    {
        Shape x = node.BatchOfOne(0);
        Pool2DGeometry g = operation.Window.PoolOver(node.Who, node.Name, Shape.Nhwc(x[0], x[2], x[3], x[1]));
        string indices = node.EmitSecond(
            "MaxPool",
            [Behind(node, node.Natural(0))],
            Attribute.Integers("kernel_shape", g.KH, g.KW),
            Attribute.Integers("strides", g.StrideH, g.StrideW),
            Attribute.Integers("dilations", g.DilationH, g.DilationW),
            Attribute.Integers("pads", Pads(g)),
            Attribute.Integer("storage_order", operation.CountsColumns ? 1 : 0));
        node.Define(indices, TensorOrder.Natural);
    }

    // ONNX Runtime makes a Pad the padding of the pooling that reads it, where zeros do not take part; a sum of one tensor keeps them
    // apart.
    private static string Behind(NodeExport node, string tensor) => node.KindOf(tensor) == "Pad" ? node.Emit("Sum", [tensor]) : tensor;

    private static string DilatedAverage(NodeExport node, Pool2DGeometry g, int[] pads, bool countPadding)
    {
        var ones = new float[g.C * g.KH * g.KW];
        Array.Fill(ones, 1f);
        string sum = node.Emit(
            "Conv",
            [node.Input(0, TensorOrder.ChannelsFirst), node.Constant("ones", ones, g.C, 1, g.KH, g.KW)],
            Attribute.Integers("kernel_shape", g.KH, g.KW),
            Attribute.Integers("strides", g.StrideH, g.StrideW),
            Attribute.Integers("dilations", g.DilationH, g.DilationW),
            Attribute.Integers("pads", pads),
            Attribute.Integer("group", g.C));
        var counts = new float[g.OH * g.OW];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = countPadding
                ? g.KH * g.KW
                : CellsOnImage((i / g.OW * g.StrideH) - g.PadTop, g.DilationH, g.KH, g.H)
                    * CellsOnImage((i % g.OW * g.StrideW) - g.PadLeft, g.DilationW, g.KW, g.W);
        }

        return node.Emit("Div", [sum, node.Constant("counts", counts, 1, 1, g.OH, g.OW)]);
    }

    private static int CellsOnImage(int start, int dilation, int window, int size) =>
        Enumerable.Range(0, window).Count(a => start + (a * dilation) >= 0 && start + (a * dilation) < size);

    // Padding behind the last window is left out: no cell reads it, and runtimes may refuse it.
    private static int[] Pads(Pool2DGeometry g) =>
    [
        g.PadTop,
        g.PadLeft,
        Math.Max(0, ((g.OH - 1) * g.StrideH) + ((g.KH - 1) * g.DilationH) + 1 - g.H - g.PadTop),
        Math.Max(0, ((g.OW - 1) * g.StrideW) + ((g.KW - 1) * g.DilationW) + 1 - g.W - g.PadLeft),
    ];

    private static bool IsWide(Pool2DGeometry g, int[] pads) => Math.Max(pads[0], pads[2]) >= g.KH || Math.Max(pads[1], pads[3]) >= g.KW;
}
