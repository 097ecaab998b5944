using CnnFast.Onnx.Proto;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Reading;

/// <summary>Checks what tensors say of themselves; their data are checked as they are read.</summary>
internal static class TensorChecker
{
    /// <summary>Checks a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="subject">What messages call it.</param>
    /// <exception cref="DataFormatException">It has no type, or dimensions that cannot be.</exception>
    public static void Check(TensorProto tensor, string subject)
    {
        if (tensor.DataType == (int)DataType.Undefined)
            throw new DataFormatException($"{subject} has no type; expected one.");
        _ = Dimensions.Of(tensor, subject, out _);
    }
}
