using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// Reads elements that lie one after the other, little end first: raw data, external data and packed floating-point numbers.
/// </summary>
internal static class RawTensor
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>Reads the elements.</summary>
    /// <param name="data">Their bytes.</param>
    /// <param name="type">What they are in the file.</param>
    /// <param name="destination">Receives them as the type's encoding says; as long as they take.</param>
    public static void Read(in TensorData data, DataType type, Span<byte> destination)
    {
        if (type is DataType.Float16 or DataType.Bfloat16 or DataType.Double)
        {
            ReadFloats(data, type, MemoryMarshal.Cast<byte, float>(destination));
            return;
        }

        data.Source.Read(data.Offset, destination);
        if (type == DataType.Bool)
        {
            foreach (ref byte value in destination)
                value = Math.Min(value, (byte)1);
        }
    }

    /// <summary>Converts a number of 16 bits, of which the upper ones of a float are kept.</summary>
    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static void ReadFloats(in TensorData data, DataType type, Span<float> destination)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        int size = type == DataType.Double ? sizeof(double) : sizeof(ushort);
        long offset = data.Offset;
        while (destination.Length > 0)
        {
            int count = Math.Min(destination.Length, ChunkBytes / size);
            Span<byte> bytes = chunk.AsSpan(0, count * size);
            data.Source.Read(offset, bytes);
            Convert(bytes, type, destination[..count]);
            offset += bytes.Length;
            destination = destination[count..];
        }

        ArrayPool<byte>.Shared.Return(chunk);
    }

    private static void Convert(ReadOnlySpan<byte> bytes, DataType type, Span<float> destination)
    {
        switch (type)
        {
            case DataType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), destination);
                break;
            case DataType.Bfloat16:
                ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < bits.Length; i++)
                    destination[i] = FromBFloat16(bits[i]);
                break;
            default:
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(bytes);
                for (int i = 0; i < doubles.Length; i++)
                    destination[i] = (float)doubles[i];
                break;
        }
    }
}
