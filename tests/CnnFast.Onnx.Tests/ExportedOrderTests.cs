using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Onnx.Format;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Onnx.Tests.RealModels;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests;

/// <summary>Images among dimensions of 1: whoever knows a value as an image has its rows, columns and channels where they are.</summary>
public sealed class ExportedOrderTests
{
    private static readonly Dictionary<string, Func<Model>> s_models = new()
    {
        ["softmax of pixels"] = () => Layers(new Shape(2, 3, 1), new ReLU(), new Reshape([1, 1, 2, 3]), new Softmax()),
        ["softmax of channels"] = () => Layers(new Shape(2, 3, 4), new ReLU(), new Reshape([1, 2, 3, 4]), new Softmax()),
        ["softmax of one"] = () => Layers(new Shape(1, 3, 4), new Conv2D(4, 1), new Reshape([3, 1, 4, 1]), new Softmax()),
        ["columns that are channels"] = () => Moved(new Shape(1, 2, 2), [1, 2, 2, 1], new SelectOperation([0, 1], [1, 0], 0)),
        ["columns of an image"] = () => Moved(new Shape(2, 3, 4), [1, 2, 3, 4], new SelectOperation([0, 1], [2, -1], 0)),
        ["columns that are rows"] = () => Moved(new Shape(2, 1, 3), [1, 1, 2, 3], new SelectOperation([0], [1, 0], 0)),
        ["channels between"] = () => Moved(new Shape(1, 2, 2), [1, 2, 2, 1], new InterpolateOperation(Twice(2), Twice(2), 0)),
        ["pixels between"] = () => Moved(new Shape(2, 2, 3), [1, 2, 2, 3], new InterpolateOperation(Twice(2), Twice(2), 0)),
    };

    public static TheoryData<string, OnnxLayout> Names()
    {
        var data = new TheoryData<string, OnnxLayout>();
        foreach (string name in s_models.Keys)
        {
            data.Add(name, OnnxLayout.Nchw);
            data.Add(name, OnnxLayout.Nhwc);
        }

        return data;
    }

    [Theory]
    [InlineData("Identity", OnnxLayout.Nchw)]
    [InlineData("Identity", OnnxLayout.Nhwc)]
    [InlineData("Tanh", OnnxLayout.Nchw)]
    public void Images_of_a_fixed_batch_behind_another_dimension_stay_themselves(string last, OnnxLayout layout)
    {
        ModelProto proto = Protos.Model(
            Protos.Node("MaxPool", ["x"], ["r"], Protos.Attribute("kernel_shape", 1, 1)),
            Protos.Node("Transpose", ["r"], ["t"], Protos.Attribute("perm", 0, 2, 3, 1)),
            Protos.Node("Unsqueeze", ["t", "axes"], ["u"]),
            Protos.Node(last, ["u"], ["y"]));
        proto.Graph.Input[0] = Protos.Value("x", 2, 3, 4, 5);
        proto.Graph.Output[0] = Protos.Value("y", 1, 2, 4, 5, 3);
        proto.Graph.Initializer.Add(Protos.Raw("axes", TensorProto.Types.DataType.Int64, new[] { 0L }, 1));
        var random = new Random(3);
        float[] planes = [.. Enumerable.Range(0, 120).Select(_ => random.NextSingle() - 0.5f)];
        float[] pixels = [.. Enumerable.Range(0, 120).Select(i => planes[(i / 60 * 60) + (i % 3 * 20) + (i % 60 / 3)])];
        OnnxModel onnx = OnnxModel.Load(proto.ToByteArray());
        using var file = new MemoryStream();
        OnnxModel.Export(onnx.ToModel(layout: layout), file, new OnnxExportOptions { Layout = layout });
        using var runtime = new OnnxRuntimeFile(file.ToArray());
        float[] actual = layout == OnnxLayout.Nchw ? runtime.Run(planes, 2, 3, 4, 5)[0] : runtime.Run(pixels, 2, 4, 5, 3)[0];
        float[] expected = onnx.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(planes, 2, 3, 4, 5) })["y"]
            .Values<float>()
            .ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_reshaped_image_computes_the_same_in_onnx_runtime(string name, OnnxLayout layout) =>
        ExportedNumbers.AreSame(name, s_models[name](), new OnnxExportOptions { Layout = layout });

    private static Model Layers(Shape input, params ReadOnlySpan<Layer> layers) => new Sequential(layers).Build(input, seed: 5);

    private static Model Moved(Shape input, int[] shape, Operation operation)
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.Add(new FunctionOperation(Activation.Tanh), [builder.AddInput(input)], "tanh");
        ValueInfo reshaped = builder.Add(new ReshapeOperation(shape), [x], "reshaped");
        return new Model(builder.Build([builder.Add(operation, [reshaped], "moved")], (_, _, _) => { }), null);
    }

    private static InterpolationTable Twice(int count) =>
        new ResizeAxisRule(new ResizeMode("linear", "half_pixel", "floor"), count, 2 * count, 2, 2 * count, 0, 1).Weights();
}
