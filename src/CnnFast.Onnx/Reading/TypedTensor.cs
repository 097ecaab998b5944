using System.Runtime.InteropServices;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Reading;

/// <summary>Takes elements that are written as whole numbers of variable length.</summary>
internal static class TypedTensor
{
    /// <summary>Takes elements, one after the other.</summary>
    /// <param name="next">Gives the next element's number.</param>
    /// <param name="type">What the elements are in the file.</param>
    /// <param name="destination">Receives them as the type's encoding says; as long as they take.</param>
    /// <returns>The number that is no element of this type, or null where all are.</returns>
    public static long? Read(Func<long> next, DataType type, Span<byte> destination)
    {
        switch (type)
        {
            case DataType.Int64:
                foreach (ref long value in MemoryMarshal.Cast<byte, long>(destination))
                    value = next();
                return null;
            case DataType.Int32:
                foreach (ref int value in MemoryMarshal.Cast<byte, int>(destination))
                    value = (int)next();
                return null;
            case DataType.Uint8 or DataType.Bool:
                return ReadBytes(next, type == DataType.Bool ? (byte)1 : byte.MaxValue, destination);
            default:
                return ReadHalves(next, type, MemoryMarshal.Cast<byte, float>(destination));
        }
    }

    private static long? ReadBytes(Func<long> next, byte largest, Span<byte> destination)
    {
        foreach (ref byte value in destination)
        {
            long number = next();
            if (number < 0 || number > largest)
                return number;
            value = (byte)number;
        }

        return null;
    }

    private static long? ReadHalves(Func<long> next, DataType type, Span<float> destination)
    {
        foreach (ref float value in destination)
        {
            long number = next();
            if (number is < 0 or > ushort.MaxValue)
                return number;
            value = type == DataType.Float16
                ? (float)BitConverter.UInt16BitsToHalf((ushort)number)
                : RawTensor.FromBFloat16((ushort)number);
        }

        return null;
    }
}
