using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using CnnFast.Tests;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests;

/// <summary>What a program sees of a model beside its outputs: values inside, nodes, what a file says of itself, arrays in files.</summary>
public sealed class RunOptionsTests
{
    private static readonly Dictionary<string, OnnxTensor> s_input = new() { ["x"] = OnnxTensor.Create([1f, -2], 2) };

    [Fact]
    public void Any_value_of_a_node_can_be_computed()
    {
        OnnxModel model = OnnxModel.Load(TwoNodes().ToByteArray());
        Assert.Equal(["node 'the Neg' (Neg)", "node 'the Relu' (Relu)"], model.Nodes.Select(node => node.Label));
        Assert.Equal(["Neg", "Relu"], model.Nodes.Select(node => node.Operator));
        Assert.Equal(["n", "y"], model.Nodes.SelectMany(node => node.Outputs));
        IReadOnlyDictionary<string, OnnxTensor> values = model.Run(s_input, new OnnxRunOptions { Outputs = ["n", "y"], MaxThreads = 2 });
        Assert.Equal([-1, 2], values["n"].Values<float>().ToArray());
        Assert.Equal([0, 2], values["y"].Values<float>().ToArray());
        Assert.Equal(["y"], model.Run(s_input, new OnnxRunOptions()).Keys);
    }

    [Fact]
    public void Options_out_of_range_are_a_sentence()
    {
        OnnxModel model = OnnxModel.Load(TwoNodes().ToByteArray());
        Refused<ArgumentOutOfRangeException>(model, new OnnxRunOptions { MaxThreads = -1 }, "MaxThreads is -1");
        Refused<ArgumentOutOfRangeException>(model, new OnnxRunOptions { ConvAlgorithm = (ConvAlgorithm)99 }, "ConvAlgorithm is 99");
        Refused<ArgumentException>(model, new OnnxRunOptions { Outputs = ["z"] }, "'z'");
    }

    [Fact]
    public void A_run_can_be_cancelled()
    {
        OnnxModel model = OnnxModel.Load(TwoNodes().ToByteArray());
        Assert.ThrowsAny<OperationCanceledException>(() => model.Run(s_input, new OnnxRunOptions(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_file_that_cannot_run_says_what_it_is()
    {
        using var folder = new TemporaryFolder();
        ModelProto proto = Protos.Model(Protos.Node("Relu", ["x"], ["a"]), Protos.Node("Nonsense", ["a"], ["y"]));
        string path = folder.Write("model.onnx", proto.ToByteArray());
        Assert.True(OnnxModel.IsOnnx(path));
        Assert.Throws<NotSupportedException>(() => OnnxModel.Load(path));
        OnnxFileSummary summary = OnnxFileSummary.Read(path);
        Assert.Equal("test", summary.Producer);
        Assert.Equal([new OnnxOpset("", 17)], summary.Opsets);
        Assert.Equal("x: Float32 [2]", Assert.Single(summary.Inputs).ToString());
        Assert.Equal([new OnnxOperatorCount("Nonsense", 1, false), new OnnxOperatorCount("Relu", 1, true)], summary.Operators);
    }

    [Fact]
    public void Tensors_of_every_type_come_back_from_their_files()
    {
        using var folder = new TemporaryFolder();
        foreach (OnnxTensor tensor in (OnnxTensor[])
            [
                OnnxTensor.Create([1.5f, -2], 1, 2), OnnxTensor.Create([1, -2], 2), OnnxTensor.Create([1L << 40, -2], 2, 1),
                OnnxTensor.Create(new byte[] { 1, 255 }, 2), OnnxTensor.Create([true, false], 2), OnnxTensor.Create([3f]),
            ])
        {
            string path = folder[$"{tensor.ElementType}.npy"];
            tensor.WriteNpy(path);
            OnnxTensor read = OnnxTensor.ReadNpy(path);
            Assert.Equal(tensor.ElementType, read.ElementType);
            Assert.Equal(tensor.Dimensions, read.Dimensions);
            Assert.Equal(tensor.Bytes.ToArray(), read.Bytes.ToArray());
        }

        Assert.Equal([1, 255], OnnxTensor.ReadNpy(folder["UInt8.npy"], ElementType.Int64).Values<long>().ToArray());
        var refused = Assert.Throws<DataFormatException>(() => OnnxTensor.ReadNpy(folder["Int64.npy"], ElementType.Int32));
        Assert.Contains("int64", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => OnnxTensor.Create(Array.Empty<float>(), 0, 2).WriteNpy(folder["none.npy"]));
    }

    [Fact]
    public void A_normalisation_of_scale_0_counts_for_nothing()
    {
        ModelProto proto = TwoNodes().With(model => model.MetadataProps.Add(
        [
            new StringStringEntryProto { Key = "normalization.scale", Value = "0" },
            new StringStringEntryProto { Key = "normalization.offset", Value = "1" },
        ]));
        Assert.Equal(default, OnnxModel.Load(proto.ToByteArray()).ToModel().Normalization);
    }

    [Fact]
    public void A_normalisation_of_channels_that_the_model_does_not_have_is_refused()
    {
        ModelProto proto = TwoNodes().With(model => model.MetadataProps.Add(
        [
            new StringStringEntryProto { Key = "normalization.scale", Value = "1 1 1 1 1 1 1" },
            new StringStringEntryProto { Key = "normalization.offset", Value = "0 0 0 0 0 0 0" },
        ]));
        Assert.StartsWith("The metadata 'normalization.scale' and 'normalization.offset' do not fit the model: Model.Normalization has " +
            "factors for 7 channels", Assert.Throws<DataFormatException>(() => OnnxModel.Load(proto.ToByteArray()).ToModel()).Message,
            StringComparison.Ordinal);
    }

    private static ModelProto TwoNodes() => Protos.Model(Protos.Node("Neg", ["x"], ["n"]), Protos.Node("Relu", ["n"], ["y"]));

    private static void Refused<T>(OnnxModel model, OnnxRunOptions options, string part)
        where T : Exception =>
        Assert.Contains(part, Assert.ThrowsAny<T>(() => model.Run(s_input, options)).Message, StringComparison.Ordinal);
}
