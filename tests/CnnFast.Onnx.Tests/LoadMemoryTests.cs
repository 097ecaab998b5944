using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Tests;
using Google.Protobuf;
using AttributeType = CnnFast.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests;

/// <summary>Loading a model of large weights takes little more than the session keeps: the packed weights.</summary>
public sealed class LoadMemoryTests(ITestOutputHelper output)
{
    private const int Channels = 512;
    private const int Features = 512;
    private const int Layers = 6;

    [Theory]
    [InlineData(false, ConvAlgorithm.Direct)]
    [InlineData(true, ConvAlgorithm.Direct)]
    [InlineData(true, ConvAlgorithm.Auto)]
    public void Weights_are_packed_once_and_not_kept_besides(bool isExternal, ConvAlgorithm algorithm)
    {
        using var folder = new TemporaryFolder();
        (string path, long fileBytes) = Write(folder, isExternal);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Model model = OnnxModel.Load(path).ToModel();
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 1, MaxThreads = 1, ConvAlgorithm = algorithm });
        double ratio = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / fileBytes;
        double packed = (double)session.WeightBytes / fileBytes;
        output.WriteLine($"{fileBytes} bytes of weights, packed {packed:F2} times as much; {ratio:F2} times as much is allocated");
        Assert.InRange(ratio, packed, packed + 0.3);
        if (algorithm == ConvAlgorithm.Direct)
            Assert.InRange(packed, 0.99, 1.05);
        GC.KeepAlive(model);
    }

    private static (string Path, long Bytes) Write(TemporaryFolder folder, bool isExternal)
    {
        ModelProto model = Protos.Model(
            [.. Enumerable.Range(0, Layers)
                .Select(i => Protos.Node("Conv", [i == 0 ? "x" : $"c{i}", $"w{i}"], [$"c{i + 1}"], Ints("pads", 1, 1, 1, 1))),
            Protos.Node("MaxPool", [$"c{Layers}"], ["p"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
            Protos.Node("Flatten", ["p"], ["f"]),
            Protos.Node("Gemm", ["f", "d"], ["y"], new AttributeProto { Name = "transB", I = 1, Type = AttributeType.Int })]);
        model.Graph.Input[0] = Protos.Value("x", 1, Channels, 6, 6);
        model.Graph.Output[0] = Protos.Value("y", 1, Features);
        var random = new Random(5);
        var data = new MemoryStream();
        for (int i = 0; i < Layers; i++)
            Add($"w{i}", Channels, Channels, 3, 3);
        Add("d", Features, Channels * 9);
        folder.Write("weights.bin", data.ToArray());
        return (folder.Write("model.onnx", model.ToByteArray()), data.Length + (isExternal ? 0 : model.CalculateSize()));

        void Add(string name, params long[] dimensions)
        {
            var values = new float[dimensions.Aggregate(1L, (product, dimension) => product * dimension)];
            foreach (ref float value in values.AsSpan())
                value = random.NextSingle() - 0.5f;
            TensorProto raw = Protos.Raw(name, DataType.Float, values, dimensions);
            if (!isExternal)
            {
                model.Graph.Initializer.Add(raw);
                return;
            }

            model.Graph.Initializer.Add(Protos.External(name, dimensions, ("location", "weights.bin"), ("offset", $"{data.Length}"),
                ("length", $"{raw.RawData.Length}")));
            data.Write(raw.RawData.Span);
        }
    }

    private static AttributeProto Ints(string name, params long[] values) =>
        new() { Name = name, Ints = { values }, Type = AttributeType.Ints };
}
