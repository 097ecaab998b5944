using System.Runtime.InteropServices;
using CnnFast.Onnx.Proto;
using Google.Protobuf;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>Messages of small models.</summary>
internal static class Protos
{
    /// <summary>A model of the given nodes, from <c>x</c> to <c>y</c>, both float [2].</summary>
    public static ModelProto Model(params NodeProto[] nodes)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            ProducerName = "test",
            Graph = new GraphProto { Name = "graph", Node = { nodes }, Input = { Value("x", 2) }, Output = { Value("y", 2) } },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        return model;
    }

    /// <summary>The model, changed.</summary>
    public static ModelProto With(this ModelProto model, Action<ModelProto> change)
    {
        change(model);
        return model;
    }

    public static NodeProto Node(string type, string[] inputs, string[] outputs, params AttributeProto[] attributes) =>
        new() { OpType = type, Name = $"the {type}", Input = { inputs }, Output = { outputs }, Attribute = { attributes } };

    public static ValueInfoProto Value(string name, params long[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (long dimension in dimensions)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } },
        };
    }

    public static TensorProto Tensor(string name, DataType type, params long[] dimensions) =>
        new() { Name = name, DataType = (int)type, Dims = { dimensions } };

    public static TensorProto Raw<T>(string name, DataType type, T[] values, params long[] dimensions)
        where T : unmanaged
    {
        TensorProto tensor = Tensor(name, type, dimensions);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
        return tensor;
    }

    public static TensorProto External(string name, long[] dimensions, params (string Key, string Value)[] entries)
    {
        TensorProto tensor = Tensor(name, DataType.Float, dimensions);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        foreach ((string key, string value) in entries)
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return tensor;
    }

    public static AttributeProto Attribute(string name, TensorProto tensor) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Tensor, T = tensor };

    public static AttributeProto Attribute(string name, GraphProto graph) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };

    public static AttributeProto Attribute(string name, params long[] values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    /// <summary>A model with a bit of everything: weights in several encodings, constants, graphs in nodes.</summary>
    public static ModelProto Everything()
    {
        var then = new GraphProto { Name = "then", Node = { Node("Relu", ["x"], ["t"]) }, Output = { Value("t", 2) } };
        var otherwise = new GraphProto { Name = "else", Node = { Node("Neg", ["a"], ["e"]) }, Output = { Value("e", 2) } };
        ModelProto model = Model(
            Node("Constant", [], ["c"], Attribute("value", Raw("", DataType.Float, new float[] { 1, 2 }, 2))),
            Node("Add", ["x", "w"], ["a"]),
            Node("Transpose", ["a"], ["p"], Attribute("perm", 0)),
            Node("Clip", ["p", "", "h"], ["q"]),
            Node("If", ["b"], ["i"], Attribute("then_branch", then), Attribute("else_branch", otherwise)),
            Node("Sum", ["q", "i", "c", "d"], ["y"]));
        TensorProto w = Tensor("w", DataType.Float, 2);
        w.FloatData.AddRange([0.5f, -1]);
        TensorProto d = Tensor("d", DataType.Double, 1, 2);
        d.DoubleData.AddRange([0.25, 4]);
        TensorProto b = Tensor("b", DataType.Bool);
        b.Int32Data.Add(1);
        TensorProto s = Tensor("s", DataType.Int64, 3);
        s.Int64Data.AddRange([-1, 300, long.MaxValue]);
        model.Graph.Initializer.AddRange([w, d, b, s, Raw("h", DataType.Float16, new Half[] { (Half)6 })]);
        model.Graph.ValueInfo.Add(Value("a", 2));
        model.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "test" });
        return model;
    }
}
