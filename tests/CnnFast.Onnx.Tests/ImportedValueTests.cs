using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Tests;
using Google.Protobuf;
using AttributeType = CnnFast.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests;

/// <summary>Values at the edges of a model: defaults, outputs that are inputs or constants, limits, and callers at once.</summary>
public sealed class ImportedValueTests
{
    private static readonly float[] s_default = [10, 20];

    [Fact]
    public void A_default_value_may_be_replaced()
    {
        ModelProto proto = Protos.Model(Protos.Node("Add", ["x", "w"], ["y"])).With(model =>
        {
            model.Graph.Input.Add(Protos.Value("w", 2));
            model.Graph.Initializer.Add(Protos.Raw("w", DataType.Float, s_default, 2));
        });
        OnnxModel model = OnnxModel.Load(proto.ToByteArray());
        Assert.Equal("w", Assert.Single(model.OptionalInputs).Name);
        Assert.Equal([11, 22], Run(model, ("x", [1, 2])));
        Assert.Equal([4, 6], Run(model, ("x", [1, 2]), ("w", [3, 4])));
        Assert.Equal([11, 22], Run(model, ("x", [1, 2])));
    }

    [Fact]
    public void Outputs_may_be_inputs_constants_and_identities()
    {
        ModelProto proto = Protos.Model(Protos.Node("Identity", ["x"], ["i"]), Protos.Node("Identity", ["i"], ["y"]),
                Protos.Node("Identity", ["w"], ["z"]))
            .With(model =>
            {
                model.Graph.Output.Add([Protos.Value("x", 2), Protos.Value("w", 2), Protos.Value("z", 2), Protos.Value("i", 2)]);
                model.Graph.Initializer.Add(Protos.Raw("w", DataType.Float, s_default, 2));
            });
        IReadOnlyDictionary<string, OnnxTensor> outputs = OnnxModel.Load(proto.ToByteArray())
            .Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create([1f, 2], 2) });
        foreach ((string name, float[] expected) in new[] { ("x", [1, 2]), ("y", [1, 2]), ("i", [1, 2]), ("w", s_default),
            ("z", s_default) })
            Assert.Equal(expected, outputs[name].Values<float>().ToArray());
    }

    [Fact]
    public void Weights_of_another_type_are_refused()
    {
        ModelProto proto = Protos.Model(Protos.Node("MatMul", ["x", "w"], ["y"])).With(model =>
        {
            model.Graph.Input[0] = Protos.Value("x", 1, 2);
            model.Graph.Initializer.Add(Protos.Raw("w", DataType.Int64, new long[4], 2, 2));
        });
        Refused<DataFormatException>(proto, "MatMul");
    }

    [Theory]
    [InlineData("ConstantOfShape", nameof(OnnxImportOptions.MaxFoldedBytes))]
    [InlineData("Expand", nameof(OnnxImportOptions.MaxRunBytes))]
    [InlineData("Tile", nameof(OnnxImportOptions.MaxRunBytes))]
    public void Giant_values_are_refused_before_they_are_allocated(string operation, string option)
    {
        string[] inputs = operation == "ConstantOfShape" ? ["s"] : ["x", "s"];
        ModelProto proto = Protos.Model(Protos.Node(operation, inputs, ["y"])).With(model =>
        {
            model.Graph.Input[0] = Protos.Value("x", 1, 1);
            model.Graph.Initializer.Add(Protos.Raw("s", DataType.Int64, new long[] { 32_000, 64_000 }, 2));
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused<DataFormatException>(proto, option);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    [Theory]
    [InlineData("Tile", 1)]
    [InlineData("Expand", 1)]
    [InlineData("Range", 2)]
    public void Missing_inputs_are_damage(string operation, int given) =>
        Refused<DataFormatException>(Protos.Model(Protos.Node(operation, [.. Enumerable.Repeat("x", given), ""], ["y"])), operation);

    [Fact]
    public void Giant_strides_of_transposed_convolutions_are_not_supported()
    {
        ModelProto proto = Protos.Model(Protos.Node("ConvTranspose", ["x", "w"], ["y"],
                new AttributeProto { Name = "strides", Ints = { 1000, 1000 }, Type = AttributeType.Ints }))
            .With(model =>
            {
                model.Graph.Input[0] = Protos.Value("x", 1, 1, 2, 2);
                model.Graph.Initializer.Add(Protos.Raw("w", DataType.Float, new float[1], 1, 1, 1, 1));
            });
        Refused<NotSupportedException>(proto, "strides");
    }

    [Fact]
    public void Sessions_keep_the_limit_of_a_run()
    {
        ModelProto proto = Protos.Model(Protos.Node("Softmax", ["x"], ["y"]))
            .With(model => model.Graph.Input[0] = Protos.Value("x", 1, 1000));
        Model model = OnnxModel.Load(proto.ToByteArray(), new OnnxImportOptions { MaxRunBytes = 100_000 }).ToModel();
        new InferenceSession(model, new SessionOptions { MaxBatch = 1, MaxThreads = 1 }).Dispose();
        proto = Protos.Model(Protos.Node("Softmax", ["x"], ["s"]), Protos.Node("Softmax", ["s"], ["y"]))
            .With(model => model.Graph.Input[0] = Protos.Value("x", 1, 1000));
        model = OnnxModel.Load(proto.ToByteArray(), new OnnxImportOptions { MaxRunBytes = 100_000 }).ToModel();
        Assert.Contains("100000",
            Assert.Throws<ShapeException>(() => new InferenceSession(model, new SessionOptions { MaxBatch = 64, MaxThreads = 1 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Eight_threads_run_and_make_models_at_once()
    {
        using var folder = new TemporaryFolder();
        ModelProto proto = Protos.Model(Protos.Node("Gemm", ["x", "w"], ["y"])).With(model =>
        {
            model.Graph.Input[0] = Protos.Value("x", -1, 2);
            model.Graph.Initializer.Add(Protos.Raw("w", DataType.Float, [.. Enumerable.Range(0, 4096).Select(i => (float)(i % 5))], 2,
                2048));
        });
        OnnxModel model = OnnxModel.Load(folder.Write("model.onnx", proto.ToByteArray()));
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, turn =>
        {
            int n = 1 + (turn % 5);
            float[] given = [.. Enumerable.Range(0, 2 * n).Select(i => (float)i)];
            float[] result = model.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create(given, n, 2) })["y"]
                .Values<float>()
                .ToArray();
            using var session = new InferenceSession(model.ToModel(), new SessionOptions { MaxBatch = 5, MaxThreads = 1 });
            var again = new float[n * 2048];
            session.Run(given, again);
            Assert.Equal(result, again);
            Assert.Equal((given[0] * (7 % 5)) + (given[1] * ((2048 + 7) % 5)), result[7]);
        });
    }

    private static float[] Run(OnnxModel model, params (string Name, float[] Values)[] inputs) =>
        model.Run(inputs.ToDictionary(input => input.Name, input => OnnxTensor.Create(input.Values, input.Values.Length)))["y"]
            .Values<float>()
            .ToArray();

    private static void Refused<T>(ModelProto proto, string reason)
        where T : Exception =>
        Assert.Contains(reason, Assert.Throws<T>(() => OnnxModel.Load(proto.ToByteArray())).Message, StringComparison.Ordinal);
}
