using CnnFast.Onnx.Proto;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Reading;

/// <summary>How a data type of ONNX is written, and what it is read as.</summary>
/// <param name="ElementType">What it is read as.</param>
/// <param name="FileBytes">The bytes of an element in raw data.</param>
/// <param name="TypedField">The field of the tensor's message that holds elements that are not raw.</param>
/// <param name="IsConverted">Whether it is read as another type.</param>
internal readonly record struct TensorEncoding(ElementType ElementType, int FileBytes, int TypedField, bool IsConverted = false)
{
    /// <summary>The encoding of a data type; null where tensors of it are not read.</summary>
    public static TensorEncoding? Of(DataType type) => type switch
    {
        DataType.Float => new(ElementType.Float32, sizeof(float), TensorProto.FloatDataFieldNumber),
        DataType.Float16 or DataType.Bfloat16 => new(ElementType.Float32, sizeof(ushort), TensorProto.Int32DataFieldNumber, true),
        DataType.Double => new(ElementType.Float32, sizeof(double), TensorProto.DoubleDataFieldNumber, true),
        DataType.Int32 => new(ElementType.Int32, sizeof(int), TensorProto.Int32DataFieldNumber),
        DataType.Int64 => new(ElementType.Int64, sizeof(long), TensorProto.Int64DataFieldNumber),
        DataType.Uint8 => new(ElementType.UInt8, sizeof(byte), TensorProto.Int32DataFieldNumber),
        DataType.Bool => new(ElementType.Bool, sizeof(byte), TensorProto.Int32DataFieldNumber),
        _ => null,
    };

    /// <summary>What messages call a data type: its name in ONNX, in small letters.</summary>
    public static string NameOf(int type) =>
        Enum.IsDefined((DataType)type) ? ((DataType)type).ToString().ToLowerInvariant() : $"number {type}";
}
