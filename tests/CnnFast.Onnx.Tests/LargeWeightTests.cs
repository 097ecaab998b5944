using System.Runtime.InteropServices;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Tests;
using Google.Protobuf;
using AttributeType = CnnFast.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests;

/// <summary>
/// A weight that is nearly the whole file is read and packed part by part: loading and the first run take little more than the packed
/// weight, and the numbers are those of weights in memory.
/// </summary>
public sealed class LargeWeightTests(ITestOutputHelper output)
{
    // Allocated beside the packed weight and what a run takes, as a share of the plain one: one part of it.
    private const double MaxBeside = 0.3;

    // Elements that lie in a message one by one are read with it, and decoded once.
    private const double MaxBesideElements = 5;

    [Theory]
    [InlineData("Gemm")]
    [InlineData("Gemm, external")]
    [InlineData("Gemm, transB")]
    [InlineData("Gemm, transB, external")]
    [InlineData("Gemm, transB, float16")]
    [InlineData("Gemm, float16, int32_data")]
    [InlineData("Gemm of an image")]
    [InlineData("Gemm of an image, transB")]
    [InlineData("Gemm of few columns")]
    [InlineData("MatMul")]
    [InlineData("MatMul of rows, external")]
    [InlineData("Conv 1x1")]
    [InlineData("Conv 3x3")]
    [InlineData("Conv 3x3, Winograd2")]
    [InlineData("Conv in groups")]
    [InlineData("Conv with normalization around it")]
    [InlineData("Conv of one dimension")]
    [InlineData("ConvTranspose 2x2")]
    [InlineData("ConvTranspose 2x2, float16")]
    [InlineData("ConvTranspose 3x3, Winograd2")]
    [InlineData("ConvTranspose in groups")]
    [InlineData("ConvTranspose with normalization around it")]
    public void A_weight_that_is_the_file_is_packed_part_by_part(string what)
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, what, out long count);
        var options = new SessionOptions
        {
            MaxBatch = 1,
            MaxThreads = 1,
            ConvAlgorithm = what.Contains("Winograd2", StringComparison.Ordinal) ? ConvAlgorithm.Winograd2 : ConvAlgorithm.Direct,
        };

        long before = GC.GetAllocatedBytesForCurrentThread();
        Model model = OnnxModel.Load(path).ToModel();
        using var session = new InferenceSession(model, options);
        var x = new float[session.Inputs[0].Shape.ElementCount];
        var random = new Random(7);
        foreach (ref float value in x.AsSpan())
            value = random.NextSingle() - 0.5f;
        var y = new float[session.Outputs[0].Shape.ElementCount];
        session.Run(x, y);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double beside = (double)(allocated - session.WeightBytes - session.WorkspaceBytes - ((x.Length + y.Length) * sizeof(float)))
            / (count * sizeof(float));
        output.WriteLine($"{count} weights: {allocated} bytes are allocated, {session.WeightBytes} for the packed weight, " +
            $"{session.WorkspaceBytes} for the run, {beside:F2} times the weight beside them");
        Assert.InRange(beside, 0, what.Contains("int32_data", StringComparison.Ordinal) ? MaxBesideElements : MaxBeside);

        Model inMemory = OnnxModel.Load(path).ToModel();
        foreach (Parameter parameter in inMemory.Parameters)
            Assert.Equal(parameter.Shape.ElementCount, parameter.Values.Length);
        using var expected = new InferenceSession(inMemory, options);
        var z = new float[y.Length];
        expected.Run(x, z);
        Assert.Contains(z, value => value != 0);
        Assert.Equal(MemoryMarshal.Cast<float, int>(z), MemoryMarshal.Cast<float, int>(y));
    }

    private static string Write(TemporaryFolder folder, string what, out long count)
    {
        bool isExternal = what.Contains("external", StringComparison.Ordinal);
        bool isHalf = what.Contains("float16", StringComparison.Ordinal);
        long transB = what.Contains("transB", StringComparison.Ordinal) ? 1 : 0;
        (long[] x, long[] y, long[] w, NodeProto node) = what.Split(", ")[0] switch
        {
            "Gemm" => Of([1, 2200], [1, 2100], transB == 1 ? [2100, 2200] : [2200, 2100],
                Protos.Node("Gemm", ["a", "w"], ["b"], Int("transB", transB))),
            "Gemm of an image" => Of([1, 40, 10, 12], [1, 1000], transB == 1 ? [1000, 4800] : [4800, 1000],
                Protos.Node("Gemm", ["a", "w"], ["b"], Int("transB", transB))),
            "Gemm of few columns" => Of([1, 30_000], [1, 160], [30_000, 160], Protos.Node("Gemm", ["a", "w"], ["b"])),
            "MatMul" => Of([1, 2200], [1, 2100], [2200, 2100], Protos.Node("MatMul", ["a", "w"], ["b"])),
            "MatMul of rows" => Of([1, 3, 2200], [1, 3, 2100], [2200, 2100], Protos.Node("MatMul", ["a", "w"], ["b"])),
            "Conv 1x1" => Of([1, 2200, 4, 4], [1, 2100, 4, 4], [2100, 2200, 1, 1], Protos.Node("Conv", ["a", "w"], ["b"])),
            "Conv 3x3" => Of([1, 730, 6, 6], [1, 720, 4, 4], [720, 730, 3, 3], Protos.Node("Conv", ["a", "w"], ["b"])),
            "Conv in groups" =>
                Of([1, 1800, 4, 4], [1, 1980, 2, 2], [1980, 300, 3, 3], Protos.Node("Conv", ["a", "w"], ["b"], Int("group", 6))),
            "Conv with normalization around it" =>
                Of([1, 2200, 4, 4], [1, 2200, 4, 4], [2200, 2200, 1, 1], Protos.Node("Conv", ["a", "w"], ["b"])),
            "Conv of one dimension" => Of([1, 1000, 14], [1, 1100, 10], [1100, 1000, 5], Protos.Node("Conv", ["a", "w"], ["b"])),
            "ConvTranspose 2x2" => Of([1, 1100, 4, 4], [1, 1050, 8, 8], [1100, 1050, 2, 2],
                Protos.Node("ConvTranspose", ["a", "w"], ["b"], Protos.Attribute("strides", 2, 2))),
            "ConvTranspose 3x3" => Of([1, 730, 4, 4], [1, 720, 6, 6], [730, 720, 3, 3], Protos.Node("ConvTranspose", ["a", "w"], ["b"])),
            "ConvTranspose in groups" => Of([1, 2400, 4, 4], [1, 2000, 8, 8], [2400, 500, 2, 2],
                Protos.Node("ConvTranspose", ["a", "w"], ["b"], Protos.Attribute("strides", 2, 2), Int("group", 4))),
            _ => Of([1, 2200, 4, 4], [1, 2200, 4, 4], [2200, 2200, 1, 1], Protos.Node("ConvTranspose", ["a", "w"], ["b"])),
        };
        bool isNormalized = what.Contains("normalization", StringComparison.Ordinal);
        ModelProto model = Protos.Model(
        [
            isNormalized ? Protos.Node("BatchNormalization", ["x", "n", "n", "n", "n"], ["a"])
            : what.Contains("image", StringComparison.Ordinal) ? Protos.Node("Flatten", ["x"], ["a"])
            : Protos.Node("Relu", ["x"], ["a"]),
            node,
            isNormalized ? Protos.Node("BatchNormalization", ["b", "n", "n", "n", "n"], ["y"]) : Protos.Node("Relu", ["b"], ["y"]),
        ]);
        model.Graph.Input[0] = Protos.Value("x", x);
        model.Graph.Output[0] = Protos.Value("y", y);
        if (isNormalized)
            model.Graph.Initializer.Add(Protos.Raw("n", DataType.Float, Values(x[1], 0.5f), x[1]));
        count = w.Aggregate(1L, (product, dimension) => product * dimension);
        float[] values = Values(count, -0.5f);
        TensorProto weight = isHalf
            ? Protos.Raw("w", DataType.Float16, Array.ConvertAll(values, value => (Half)value), w)
            : Protos.Raw("w", DataType.Float, values, w);
        if (what.Contains("int32_data", StringComparison.Ordinal))
        {
            weight = Protos.Tensor("w", DataType.Float16, w);
            weight.Int32Data.AddRange(values.Select(value => (int)BitConverter.HalfToUInt16Bits((Half)value)));
        }

        if (isExternal)
        {
            folder.Write("weights.bin", weight.RawData.ToByteArray());
            weight = Protos.External("w", w, ("location", "weights.bin"));
        }

        model.Graph.Initializer.Add(weight);
        return folder.Write("model.onnx", model.ToByteArray());
    }

    private static (long[] X, long[] Y, long[] W, NodeProto Node) Of(long[] x, long[] y, long[] w, NodeProto node) => (x, y, w, node);

    private static float[] Values(long count, float least)
    {
        var random = new Random(5);
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = least + random.NextSingle();
        return values;
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };
}
