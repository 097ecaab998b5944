namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// ONNX models of one convolution. Field numbers are those of onnx.proto: ModelProto ir_version 1, graph 7, opset_import 8; GraphProto
/// node 1, name 2, initializer 5, input 11, output 12; NodeProto input 1, output 2, op_type 4, attribute 5; TensorProto dims 1,
/// data_type 2, name 8, raw_data 9.
/// </summary>
internal static class OnnxConvolutionModel
{
    private const int Float = 1;

    /// <summary>The amount by which the bias of each further copy differs, so that no pass of the optimizer merges the copies.</summary>
    public const float BiasStep = 0.125f;

    /// <summary>A model whose output y is the convolution of x.</summary>
    public static byte[] Single(ConvolutionData data, AlignedBuffer<float> filter)
    {
        Conv2DGeometry g = data.Geometry;
        ProtobufWriter graph = Graph(data, filter).Message(5, Tensor("b0", [g.OC], data.Bias.Span)).Message(1, Conv(g, "b0", "y"));
        return Model(graph.Message(12, Value("y", g.N, g.OC, g.OH, g.OW)));
    }

    /// <summary>
    /// A model with copies of the convolution of x and poolings that take one pixel of a copy each, in turn. With as many poolings, what
    /// more copies cost is the convolutions alone, without the poolings and the conversions at the model's borders.
    /// </summary>
    public static byte[] Copies(ConvolutionData data, AlignedBuffer<float> filter, int copies, int poolings)
    {
        Conv2DGeometry g = data.Geometry;
        ProtobufWriter graph = Graph(data, filter);
        for (int i = 0; i < copies; i++)
        {
            float[] bias = [.. data.Bias.Span];
            for (int k = 0; k < bias.Length; k++)
                bias[k] += i * BiasStep;
            graph.Message(5, Tensor($"b{i}", [g.OC], bias)).Message(1, Conv(g, $"b{i}", $"z{i}"));
        }

        for (int i = 0; i < poolings; i++)
        {
            // Another stride each, so that no pass of the optimizer merges the poolings of one copy.
            ProtobufWriter pool = new ProtobufWriter().Text(1, $"z{i % copies}").Text(2, OutputName(i)).Text(4, "MaxPool");
            graph.Message(1, pool.Message(5, Integers("kernel_shape", 1, 1)).Message(5, Integers("strides", g.OH + i, g.OW + i)));
            graph.Message(12, Value(OutputName(i), g.N, g.OC, 1, 1));
        }

        return Model(graph);
    }

    /// <summary>The output of a pooling.</summary>
    public static string OutputName(int pooling) => $"y{pooling}";

    private static ProtobufWriter Graph(ConvolutionData data, AlignedBuffer<float> filter)
    {
        Conv2DGeometry g = data.Geometry;
        return new ProtobufWriter()
            .Text(2, "convolution")
            .Message(11, Value("x", g.N, g.C, g.H, g.W))
            .Message(5, Tensor("w", [g.OC, g.GroupC, g.KH, g.KW], filter.Span));
    }

    private static byte[] Model(ProtobufWriter graph) =>
        new ProtobufWriter().Varint(1, 8).Message(7, graph).Message(8, new ProtobufWriter().Text(1, "").Varint(2, 17)).ToArray();

    private static ProtobufWriter Conv(Conv2DGeometry g, string bias, string output) => new ProtobufWriter()
        .Text(1, "x").Text(1, "w").Text(1, bias).Text(2, output).Text(4, "Conv")
        .Message(5, Integers("kernel_shape", g.KH, g.KW))
        .Message(5, Integers("strides", g.StrideH, g.StrideW))
        .Message(5, Integers("dilations", g.DilationH, g.DilationW))
        .Message(5, Integers("pads", g.PadTop, g.PadLeft, g.PadBottom, g.PadRight))
        .Message(5, new ProtobufWriter().Text(1, "group").Varint(3, g.Groups).Varint(20, 2));

    private static ProtobufWriter Integers(string name, params ReadOnlySpan<int> values)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name).Varint(20, 7);
        foreach (int value in values)
            attribute.Varint(8, value);
        return attribute;
    }

    private static ProtobufWriter Tensor(string name, ReadOnlySpan<int> sizes, ReadOnlySpan<float> values)
    {
        var tensor = new ProtobufWriter();
        foreach (int size in sizes)
            tensor.Varint(1, size);
        return tensor.Varint(2, Float).Text(8, name).Floats(9, values);
    }

    private static ProtobufWriter Value(string name, params ReadOnlySpan<int> sizes)
    {
        var shape = new ProtobufWriter();
        foreach (int size in sizes)
            shape.Message(1, new ProtobufWriter().Varint(1, size));
        return new ProtobufWriter()
            .Text(1, name)
            .Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Varint(1, Float).Message(2, shape)));
    }
}
