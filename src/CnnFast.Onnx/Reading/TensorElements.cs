using System.Runtime.InteropServices;
using CnnFast.Onnx.Proto;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Reading;

/// <summary>Finds and reads the elements of one tensor, however they are written.</summary>
/// <param name="tensor">The tensor.</param>
/// <param name="subject">What messages call it.</param>
/// <param name="encoding">The encoding of its type.</param>
/// <param name="dimensions">Its dimensions.</param>
/// <param name="count">How many elements they ask for.</param>
internal sealed class TensorElements(TensorProto tensor, string subject, TensorEncoding encoding, int[] dimensions, int count)
{
    private const int MaxVarintBytes = 10;

    private DataType Type => (DataType)tensor.DataType;

    /// <summary>Finds elements that the tensor's message holds.</summary>
    /// <param name="source">The file.</param>
    /// <param name="segment">The part of the message that was left in the file, if any.</param>
    public TensorReader Open(ByteSource source, TensorSegment? segment)
    {
        int field = DataField(segment);
        if (field == 0)
            return count == 0 ? Decoded(() => []) : throw WrongCount("no elements");
        if (field != TensorProto.RawDataFieldNumber && field != encoding.TypedField)
            throw new DataFormatException($"{subject} of type {TensorEncoding.NameOf(tensor.DataType)} holds its elements as " +
                $"{NameOf(field)}; expected {NameOf(encoding.TypedField)} or raw_data.");
        if (segment is { } left)
        {
            return field is TensorProto.Int32DataFieldNumber or TensorProto.Int64DataFieldNumber
                ? Decoded(() => ReadPacked(source, left))
                : Raw(new TensorData(source, left.Offset, left.Length));
        }

        return field == TensorProto.RawDataFieldNumber
            ? Raw(new TensorData(new MemorySource(tensor.RawData.Memory) { Name = source.Name }, 0, tensor.RawData.Length))
            : Decoded(() => ReadHeld(field));
    }

    /// <summary>Finds elements that are outside the tensor's message.</summary>
    /// <param name="data">Where they are.</param>
    /// <param name="segment">The part of the message that was left in the file; none is expected.</param>
    public TensorReader OpenExternal(in TensorData data, TensorSegment? segment) => DataField(segment) == 0
        ? Raw(data)
        : throw new DataFormatException($"{subject} holds its elements and says that they are external; expected one of the two.");

    private TensorReader Decoded(Func<byte[]> decode) => new(encoding.ElementType, dimensions, decode);

    private TensorReader Raw(in TensorData data) => data.Length == (long)count * encoding.FileBytes
        ? new TensorReader(Type, encoding, data, dimensions)
        : throw WrongCount($"{data.Length} bytes of elements of {encoding.FileBytes}");

    private byte[] ReadPacked(ByteSource source, TensorSegment segment)
    {
        if (segment.Length < count || segment.Length > (long)count * MaxVarintBytes)
            throw WrongCount($"{segment.Length} bytes of {NameOf(segment.Field)}");
        var reader = new WireReader(source) { Position = segment.Offset };
        long end = segment.Offset + segment.Length;
        byte[] values = ReadNumbers(() => (long)reader.ReadVarint(end));
        return reader.Position == end ? values : throw WrongCount($"more elements than that as {NameOf(segment.Field)}");
    }

    private byte[] ReadHeld(int field)
    {
        switch (field)
        {
            case TensorProto.FloatDataFieldNumber:
                CheckHeld(tensor.FloatData.Count);
                return MemoryMarshal.AsBytes(tensor.FloatData.ToArray().AsSpan()).ToArray();
            case TensorProto.DoubleDataFieldNumber:
                CheckHeld(tensor.DoubleData.Count);
                return MemoryMarshal.AsBytes(tensor.DoubleData.Select(value => (float)value).ToArray().AsSpan()).ToArray();
            case TensorProto.Int32DataFieldNumber:
                CheckHeld(tensor.Int32Data.Count);
                using (IEnumerator<int> values = tensor.Int32Data.GetEnumerator())
                    return ReadNumbers(() => values.MoveNext() ? values.Current : 0);
            default:
                CheckHeld(tensor.Int64Data.Count);
                using (IEnumerator<long> values = tensor.Int64Data.GetEnumerator())
                    return ReadNumbers(() => values.MoveNext() ? values.Current : 0);
        }
    }

    private byte[] ReadNumbers(Func<long> next)
    {
        byte[] values = Allocate();
        return TypedTensor.Read(next, Type, values) is { } wrong
            ? throw new DataFormatException(
                $"{subject} holds the number {wrong}, which is no element of type {TensorEncoding.NameOf(tensor.DataType)}.")
            : values;
    }

    private void CheckHeld(int held)
    {
        if (held != count)
            throw WrongCount($"{held} elements");
    }

    private byte[] Allocate() => GC.AllocateUninitializedArray<byte>(count * ElementTypes.SizeOf(encoding.ElementType));

    /// <summary>The one field that holds elements; 0 where none does.</summary>
    private int DataField(TensorSegment? segment)
    {
        int found = segment?.Field ?? 0;
        Take(TensorProto.RawDataFieldNumber, tensor.RawData.Length);
        Take(TensorProto.FloatDataFieldNumber, tensor.FloatData.Count);
        Take(TensorProto.Int32DataFieldNumber, tensor.Int32Data.Count);
        Take(TensorProto.Int64DataFieldNumber, tensor.Int64Data.Count);
        Take(TensorProto.DoubleDataFieldNumber, tensor.DoubleData.Count);
        Take(TensorProto.Uint64DataFieldNumber, tensor.Uint64Data.Count);
        return found;

        void Take(int field, int held)
        {
            if (held == 0)
                return;
            if (found != 0)
                throw new DataFormatException(
                    $"{subject} holds its elements in pieces, as {NameOf(found)} and as {NameOf(field)}; expected them in one.");
            found = field;
        }
    }

    private DataFormatException WrongCount(string held) =>
        new($"{subject} of dimensions [{string.Join(", ", tensor.Dims)}] holds {held}; expected {count} elements.");

    private static string NameOf(int field) => field switch
    {
        TensorProto.FloatDataFieldNumber => "float_data",
        TensorProto.Int32DataFieldNumber => "int32_data",
        TensorProto.Int64DataFieldNumber => "int64_data",
        TensorProto.DoubleDataFieldNumber => "double_data",
        TensorProto.Uint64DataFieldNumber => "uint64_data",
        _ => "raw_data",
    };
}
