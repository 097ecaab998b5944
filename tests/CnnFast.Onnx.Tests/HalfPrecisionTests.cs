using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Onnx.Tests.RealModels;
using Google.Protobuf;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests;

/// <summary>Models of half precision with floats at their ends: casts round, the rest is float32, and notes say so.</summary>
public sealed class HalfPrecisionTests
{
    [Fact]
    public void A_cast_rounds_and_so_does_the_exported_one()
    {
        ModelProto proto = Protos.Model(Cast("to half", "x", "h", DataType.Float16), Cast("back", "h", "y", DataType.Float)).With(Wider);
        OnnxModel onnx = OnnxModel.Load(proto.ToByteArray());
        Assert.Equal(["node 'to half' (Cast): values are rounded to float16, and what follows is computed as float32"], onnx.Notes);
        float[] x = [0.1f, -1.0005f, 65_519, 65_520, -70_000, 3e-8f, 1e-9f, float.NaN, float.PositiveInfinity, -0f, 2049, 2051];
        float[] expected = [.. x.Select(value => (float)(Half)value)];
        float[] y = onnx.Run(Inputs(x))["y"].Values<float>().ToArray();
        Assert.Equal(expected, y);

        using var stream = new MemoryStream();
        OnnxModel.Export(onnx.ToModel(), stream, new OnnxExportOptions());
        Assert.Equal(expected, OnnxModel.Load(stream.ToArray()).Run(Inputs(x))["y"].Values<float>().ToArray());
        using var runtime = new OnnxRuntimeFile(stream.ToArray());
        Assert.Equal(expected, runtime.Run(x, x.Length)[0]);
    }

    [Fact]
    public void A_constant_is_rounded_too_and_whole_numbers_are_cast()
    {
        ModelProto proto = Protos.Model(Cast("weights", "w", "v", DataType.Float16), Cast("floats", "v", "f", DataType.Float),
            Protos.Node("Add", ["x", "f"], ["y"]));
        proto.Graph.Initializer.Add(Protos.Raw("w", DataType.Int32, new[] { 2049, 3 }, 2));
        Assert.Equal([2048f, 3], OnnxModel.Load(proto.ToByteArray()).Run(Inputs([0, 0]))["y"].Values<float>().ToArray());
    }

    [Fact]
    public void A_net_of_half_precision_is_that_of_ONNX_Runtime_within_its_rounding()
    {
        byte[] file = Net();
        OnnxModel onnx = OnnxModel.Load(file);
        Assert.Equal(["tensor 'filter': float16 read as float32", "tensor 'bias': float16 read as float32",
                "2 nodes, such as node 'in' (Cast): values are rounded to float16, and what follows is computed as float32"],
            onnx.Notes.OrderDescending(StringComparer.Ordinal));
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 2 * 9 * 8).Select(_ => random.NextSingle() - 0.5f)];
        float[] y = onnx.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(x, 1, 2, 9, 8) })["y"]
            .Values<float>()
            .ToArray();
        using var runtime = new OnnxRuntimeFile(file);
        float[] expected = runtime.Run(x, 1, 2, 9, 8)[0];
        float largest = expected.Max(Math.Abs);
        for (int i = 0; i < y.Length; i++)
            Assert.True(Math.Abs(y[i] - expected[i]) <= 2e-3f * largest,
                FormattableString.Invariant($"{i}: {y[i]}, expected {expected[i]}"));
    }

    [Fact]
    public void What_else_is_of_half_precision_or_cast_is_refused_with_a_way_out()
    {
        ModelProto ends = Protos.Model(Protos.Node("Relu", ["x"], ["y"]))
            .With(model => model.Graph.Input[0].Type.TensorType.ElemType = (int)DataType.Float16);
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => OnnxModel.Load(ends.ToByteArray()));
        Assert.Equal("'the model in memory': the input 'x' is of type float16; supported are float, int32, int64, uint8 and bool: " +
            "keep float32 at the ends when a model is converted to float16 (keep_io_types).", e.Message);
        ModelProto wide = Protos.Model(Cast("wide", "x", "d", DataType.Double), Cast("back", "d", "y", DataType.Float));
        e = Assert.Throws<NotSupportedException>(() => OnnxModel.Load(wide.ToByteArray()));
        Assert.Equal("'the model in memory': node 'wide' (Cast): the attribute to is double; supported are float, float16, int32, int64, " +
            "uint8 and bool.", e.Message);
    }

    private static Dictionary<string, OnnxTensor> Inputs(float[] x) => new() { ["x"] = OnnxTensor.Create(x, x.Length) };

    private static NodeProto Cast(string name, string x, string y, DataType to) =>
        new()
        {
            Name = name,
            OpType = "Cast",
            Input = { x },
            Output = { y },
            Attribute = { new AttributeProto { Name = "to", I = (int)to, Type = AttributeProto.Types.AttributeType.Int } },
        };

    private static void Wider(ModelProto model)
    {
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = 12;
        model.Graph.Output[0].Type.TensorType.Shape.Dim[0].DimValue = 12;
    }

    // As onnxconverter-common writes it with keep_io_types, one node left in float32.
    private static byte[] Net()
    {
        var random = new Random(1);
        ModelProto proto = Protos.Model(
            Cast("in", "x", "h", DataType.Float16),
            Protos.Node("Conv", ["h", "filter", "bias"], ["c"]),
            Cast("up", "c", "f", DataType.Float),
            Protos.Node("Sigmoid", ["f"], ["s"]),
            Cast("down", "s", "t", DataType.Float16),
            Protos.Node("Mul", ["c", "t"], ["m"]),
            Protos.Node("GlobalAveragePool", ["m"], ["g"]),
            Cast("out", "g", "y", DataType.Float));
        Half[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (Half)(random.NextSingle() - 0.5f))];
        proto.Graph.Initializer.Add(Protos.Raw("filter", DataType.Float16, Values(5 * 2 * 3 * 3), 5, 2, 3, 3));
        proto.Graph.Initializer.Add(Protos.Raw("bias", DataType.Float16, Values(5), 5));
        proto.Graph.Input[0] = Protos.Value("x", 1, 2, 9, 8);
        proto.Graph.Output[0] = Protos.Value("y", 1, 5, 1, 1);
        return proto.ToByteArray();
    }
}
