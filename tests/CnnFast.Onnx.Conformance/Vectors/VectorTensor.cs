using System.Runtime.InteropServices;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>Reads and writes the tensors of test data, apart from the reader under test.</summary>
internal static class VectorTensor
{
    /// <summary>The tensor; null where its type is not one of the library's.</summary>
    public static OnnxTensor? Read(TensorProto tensor)
    {
        int[] dimensions = [.. tensor.Dims.Select(d => checked((int)d))];
        bool raw = tensor.RawData.Length > 0;
        return (TensorProto.Types.DataType)tensor.DataType switch
        {
            TensorProto.Types.DataType.Float => OnnxTensor.Create(raw ? Raw<float>(tensor) : tensor.FloatData.ToArray(), dimensions),
            TensorProto.Types.DataType.Int32 => OnnxTensor.Create(raw ? Raw<int>(tensor) : tensor.Int32Data.ToArray(), dimensions),
            TensorProto.Types.DataType.Int64 => OnnxTensor.Create(raw ? Raw<long>(tensor) : tensor.Int64Data.ToArray(), dimensions),
            TensorProto.Types.DataType.Uint8 =>
                OnnxTensor.Create(raw ? Raw<byte>(tensor) : tensor.Int32Data.Select(v => (byte)v).ToArray(), dimensions),
            TensorProto.Types.DataType.Bool => OnnxTensor.Create(
                (raw ? Raw<byte>(tensor).Select(v => v != 0) : tensor.Int32Data.Select(v => v != 0)).ToArray(), dimensions),
            _ => null,
        };
    }

    /// <summary>The tensor as a message: its values as raw bytes or in the field of their type.</summary>
    public static TensorProto Write(string name, OnnxTensor tensor, bool raw = true)
    {
        var proto = new TensorProto { Name = name, DataType = (int)DataType(tensor.ElementType) };
        proto.Dims.AddRange(tensor.Dimensions.Select(d => (long)d));
        if (raw)
            proto.RawData = Google.Protobuf.ByteString.CopyFrom(Bytes(tensor));
        else if (tensor.ElementType == ElementType.Float32)
            proto.FloatData.AddRange(tensor.Values<float>().ToArray());
        else if (tensor.ElementType == ElementType.Int64)
            proto.Int64Data.AddRange(tensor.Values<long>().ToArray());
        else if (tensor.ElementType == ElementType.Int32)
            proto.Int32Data.AddRange(tensor.Values<int>().ToArray());
        else
            proto.Int32Data.AddRange(Bytes(tensor).ToArray().Select(v => (int)v));
        return proto;
    }

    public static TensorProto.Types.DataType DataType(ElementType type) => type switch
    {
        ElementType.Float32 => TensorProto.Types.DataType.Float,
        ElementType.Int32 => TensorProto.Types.DataType.Int32,
        ElementType.Int64 => TensorProto.Types.DataType.Int64,
        ElementType.UInt8 => TensorProto.Types.DataType.Uint8,
        _ => TensorProto.Types.DataType.Bool,
    };

    private static ReadOnlySpan<byte> Bytes(OnnxTensor tensor) => tensor.ElementType switch
    {
        ElementType.Float32 => MemoryMarshal.AsBytes(tensor.Values<float>()),
        ElementType.Int32 => MemoryMarshal.AsBytes(tensor.Values<int>()),
        ElementType.Int64 => MemoryMarshal.AsBytes(tensor.Values<long>()),
        ElementType.UInt8 => tensor.Values<byte>(),
        _ => MemoryMarshal.AsBytes(tensor.Values<bool>()),
    };

    private static T[] Raw<T>(TensorProto tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray();
}
