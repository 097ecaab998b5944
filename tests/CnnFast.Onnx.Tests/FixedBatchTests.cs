using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Tests;

/// <summary>Models whose nodes mix the samples of a batch: their shapes hold the first dimension.</summary>
public sealed class FixedBatchTests
{
    [Fact]
    public void SamplesThatAreMixedMakeAModelOfOneBatch()
    {
        OnnxModel onnx = OnnxModel.Load(Build("ReduceSum", TensorProto.Types.DataType.Float, [-1, 4]));
        Model model = onnx.ToModel(new Dictionary<string, int[]> { ["x"] = [3, 4] });
        Assert.False(model.Inputs[0].HasBatch);
        Assert.Equal(new Shape(3, 4), model.InputShape);
        float[] x = [1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400];
        Assert.Equal([111, 222, 333, 444], model.Predict(x));
        using var session = new InferenceSession(model);
        var y = new float[4];
        session.Run(x, y);
        Assert.Equal([111, 222, 333, 444], y);

        // Another number of samples is another shape.
        session.Run(x.AsSpan(0, 8), new Shape(2, 4), y);
        Assert.Equal([11, 22, 33, 44], y);
    }

    [Fact]
    public void MaxBatchOfAModelOfOneBatchIsOne()
    {
        Model model = OnnxModel.Load(Build("ReduceSum", TensorProto.Types.DataType.Float, [-1, 4]))
            .ToModel(new Dictionary<string, int[]> { ["x"] = [3, 4] });
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new InferenceSession(model, new SessionOptions { MaxBatch = 2 }));
        Assert.Contains("expected 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SessionsTakeFloatsAlone()
    {
        OnnxModel onnx = OnnxModel.Load(Build("ReduceSum", TensorProto.Types.DataType.Int64, [2, 2]));
        Assert.Equal([4L, 6L], onnx.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.Create([1L, 2L, 3L, 4L], 2, 2) })["y"]
            .Values<long>()
            .ToArray());
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => new InferenceSession(onnx.ToModel()));
        Assert.Contains("Int64", e.Message, StringComparison.Ordinal);
    }

    // The sum over the first dimension.
    private static byte[] Build(string op, TensorProto.Types.DataType type, long[] dimensions)
    {
        var node = new NodeProto { OpType = op, Input = { "x" }, Output = { "y" } };
        node.Attribute.Add(new AttributeProto { Name = "axes", Ints = { 0 }, Type = AttributeProto.Types.AttributeType.Ints });
        node.Attribute.Add(new AttributeProto { Name = "keepdims", I = 0, Type = AttributeProto.Types.AttributeType.Int });
        var graph = new GraphProto
        {
            Name = "sum",
            Node = { node },
            Input = { Tensor("x", type, dimensions) },
            Output = { Tensor("y", type, dimensions[1..]) },
        };
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 12 } } }.ToByteArray();
    }

    private static ValueInfoProto Tensor(string name, TensorProto.Types.DataType type, long[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (long dimension in dimensions)
            shape.Dim.Add(dimension < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = "n" }
                : new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
