using Google.Protobuf;

namespace CnnFast.Onnx.Reading;

/// <summary>A field of a protobuf message in a file.</summary>
/// <param name="Start">The place of the field.</param>
/// <param name="Number">The field's number.</param>
/// <param name="Type">How its value is encoded; never a group.</param>
/// <param name="Value">The value of a number; of anything else the number of its bytes, which follow.</param>
/// <param name="End">The place after the field.</param>
internal readonly record struct WireField(long Start, int Number, WireFormat.WireType Type, ulong Value, long End)
{
    /// <summary>Whether bytes follow: those of a message, a string or packed numbers.</summary>
    public bool HasBytes => Type == WireFormat.WireType.LengthDelimited;
}
