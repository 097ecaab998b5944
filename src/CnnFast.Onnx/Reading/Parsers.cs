using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Reading;

/// <summary>The parsers of messages; they drop the fields that the messages leave out.</summary>
internal static class Parsers
{
    public static MessageParser<ModelProto> Model { get; } = ModelProto.Parser.WithDiscardUnknownFields(true);

    public static MessageParser<FunctionProto> Function { get; } = FunctionProto.Parser.WithDiscardUnknownFields(true);

    public static MessageParser<GraphProto> Graph { get; } = GraphProto.Parser.WithDiscardUnknownFields(true);

    public static MessageParser<NodeProto> Node { get; } = NodeProto.Parser.WithDiscardUnknownFields(true);

    public static MessageParser<AttributeProto> Attribute { get; } = AttributeProto.Parser.WithDiscardUnknownFields(true);

    public static MessageParser<TensorProto> Tensor { get; } = TensorProto.Parser.WithDiscardUnknownFields(true);
}
