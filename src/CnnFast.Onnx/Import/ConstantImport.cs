using System.Runtime.InteropServices;
using CnnFast.Graphs;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Import;

/// <summary>Constants, and other types.</summary>
internal static class ConstantImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("Constant", Constant, Limits: "no strings, no sparse tensors"),
        new("ConstantOfShape", ConstantOfShape, 9),
        new("Identity", node => node.Set(node.Input(0))),
        new("Dropout", Dropout, Limits: "inference"),
        new("Cast", Cast,
            Limits: "among float32, int32, int64, uint8, bool; to float16 it rounds, and what follows is computed as float32"),
    ];

    /// <summary>Whether a node converts to float16, which is computed as float32 from there on.</summary>
    public static bool IsCastToHalf(NodeProto node) =>
        node.OpType == "Cast" && node.Attribute.Any(attribute =>
            attribute.Name == "to" && (attribute.I == (int)DataType.Float16 || attribute.S.ToStringUtf8() == "FLOAT16"));

    private static ElementType TypeOf(NodeImport node, int type) => (DataType)type switch
    {
        DataType.Float => ElementType.Float32,
        DataType.Int32 => ElementType.Int32,
        DataType.Int64 => ElementType.Int64,
        DataType.Uint8 => ElementType.UInt8,
        DataType.Bool => ElementType.Bool,
        _ => throw node.Unsupported(
            $"the attribute to is {TensorEncoding.NameOf(type)}; supported are float, float16, int32, int64, uint8 and bool"),
    };

    private static ElementType TypeOf(NodeImport node, string type) => type switch
    {
        "FLOAT" => ElementType.Float32,
        "INT32" => ElementType.Int32,
        "INT64" => ElementType.Int64,
        "UINT8" => ElementType.UInt8,
        "BOOL" => ElementType.Bool,
        _ => throw node.Unsupported($"the attribute to is {Excerpt.Of(type)}; supported are FLOAT, FLOAT16, INT32, INT64, UINT8 and BOOL"),
    };

    private static void Constant(NodeImport node)
    {
        ImportedValue? value = node.ConstantAttribute("value");
        if (node.Has("value_float"))
            value = Of(OnnxTensor.Create([node.Float("value_float", 0)]));
        else if (node.Floats("value_floats") is { } floats)
            value = Of(OnnxTensor.Create(floats, floats.Length));
        else if (node.Has("value_int"))
            value = Of(OnnxTensor.Create([(long)node.Int("value_int", 0)]));
        else if (node.Longs("value_ints") is { } longs)
            value = Of(OnnxTensor.Create(longs, longs.Length));
        node.Set(value
            ?? throw node.Unsupported("none of the attributes value, value_float, value_floats, value_int and value_ints is given"));

        static ImportedValue Of(OnnxTensor tensor) => new(tensor, dependsOnShape: false);
    }

    private static void ConstantOfShape(NodeImport node)
    {
        int[] dimensions = node.RequiredIntsOf(0);
        OnnxTensor? value = node.TensorAttribute("value");
        if (value is not null && value.Count != 1)
            throw node.Damaged($"the attribute value has {value.Count} elements; expected one");
        if (dimensions.Any(dimension => dimension < 0))
            throw node.Damaged($"the dimensions are [{string.Join(", ", dimensions)}]; expected none below 0");
        OnnxTensor filled = node.Graph.Allocate(value?.ElementType ?? ElementType.Float32, dimensions);
        if (value is not null)
        {
            Span<byte> bytes = filled.Bytes.Span;
            int size = value.Bytes.Length;
            for (int i = 0; i < bytes.Length; i += size)
                value.Bytes.Span.CopyTo(bytes[i..]);
        }

        node.Set(new ImportedValue(filled, node.Input(0).DependsOnShape));
    }

    // The mask of inference is true everywhere.
    private static void Dropout(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        node.Float("ratio", 0.5f);
        node.Ignore("seed");
        if (node.Opset < 7)
            node.Ignore("is_test");
        if (node.Optional(2) is { } training
            && (training.Type != ElementType.Bool || !training.IsConstant || training.Constant.Values<bool>().Contains(true)))
            throw node.Unsupported("the input training_mode is not false: dropout of training is not supported");
        node.Set(0, x);
        if (!node.Wants(1))
            return;
        OnnxTensor mask = node.Graph.Allocate(node.Opset < 10 ? ElementType.Float32 : ElementType.Bool, x.Dimensions);
        if (mask.ElementType == ElementType.Bool)
            mask.Bytes.Span.Fill(1);
        else
            MemoryMarshal.Cast<byte, float>(mask.Bytes.Span).Fill(1);
        node.Set(1, new ImportedValue(mask, dependsOnShape: true));
    }

    private static void Cast(NodeImport node)
    {
        node.Ignore("saturate");
        if (node.IsCastToHalf)
        {
            // Rounded as ONNX says; from here on its elements are floats.
            node.Ignore("to");
            node.Set(ActivationImport.Apply(node.Graph, ElementwiseImport.Cast(node.Graph, node.Input(0), ElementType.Float32),
                new UnaryOperation(UnaryFunction.RoundToHalf)));
            return;
        }

        ElementType to = node.Opset < 6 ? TypeOf(node, node.Text("to", "")) : TypeOf(node, node.Int("to", 0));
        node.Set(ElementwiseImport.Cast(node.Graph, node.Input(0), to));
    }
}
