using System.Runtime.InteropServices;
using CnnFast.Tests;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>A model with many large weights, <c>weight0</c> and so on, written without holding it.</summary>
internal static class LargeModel
{
    private const int Side = 1000;

    public static string Write(TemporaryFolder folder, int count, out int tensorBytes)
    {
        tensorBytes = Side * Side * sizeof(float);
        string path = folder.Write("large.onnx", []);
        using FileStream file = File.OpenWrite(path);
        byte[][] heads = [.. Enumerable.Range(0, count).Select(i => Head(i, Side * Side * sizeof(float)))];
        long graph = heads.Sum(head =>
            Field(5, head.Length + (Side * Side * sizeof(float))).Length + head.Length + (long)(Side * Side * sizeof(float)));
        file.Write([0x08, 8]);
        file.Write(Field(7, graph));
        var values = new float[Side * Side];
        for (int i = 0; i < count; i++)
        {
            Array.Fill(values, i);
            file.Write(Field(5, heads[i].Length + tensorBytes));
            file.Write(heads[i]);
            file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }

        return path;
    }

    private static byte[] Head(int index, int bytes)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes($"weight{index}");
        return [0x08, .. Varint(Side), 0x08, .. Varint(Side), 0x10, 1, .. Field(8, name.Length), .. name, .. Field(9, bytes)];
    }

    private static byte[] Field(int number, long length) => [(byte)((number << 3) | 2), .. Varint(length)];

    private static byte[] Varint(long value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
