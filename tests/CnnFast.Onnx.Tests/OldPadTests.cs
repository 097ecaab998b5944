using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Tests.Reading;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests;

/// <summary>Pad of the first operator set calls its numbers paddings.</summary>
public sealed class OldPadTests
{
    [Fact]
    public void Paddings_pad() => Assert.Equal([0f, 5, 6], OnnxModel.Load(Pad(1, Protos.Attribute("paddings", 1, 0)))
        .Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create([5f, 6f], 2) })["y"]
        .Values<float>()
        .ToArray());

    [Theory]
    [InlineData(1, "paddings")]
    [InlineData(2, "pads")]
    public void What_is_missing_is_named_as_the_operator_set_names_it(int opset, string name)
    {
        DataFormatException e = Assert.Throws<DataFormatException>(() => OnnxModel.Load(Pad(opset)));
        Assert.Equal($"'the model in memory': node 'the Pad' (Pad): the attribute {name} is missing.", e.Message);
    }

    private static byte[] Pad(int opset, params AttributeProto[] attributes) =>
        Protos.Model(Protos.Node("Pad", ["x"], ["y"], attributes)).With(model =>
        {
            model.OpsetImport[0].Version = opset;
            model.Graph.Output[0].Type.TensorType.Shape.Dim[0].DimValue = 3;
        }).ToByteArray();
}
