using System.Buffers.Binary;
using System.IO.Compression;

namespace CnnFast.Tests.Data;

/// <summary>Writes IDX files, good and bad, as bytes.</summary>
internal static class IdxBytes
{
    public static byte[] Of(uint magic, uint[] dimensions, byte[] elements)
    {
        var bytes = new byte[4 + (4 * dimensions.Length) + elements.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (int i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        elements.CopyTo(bytes, 4 + (4 * dimensions.Length));
        return bytes;
    }

    /// <summary>Images whose bytes count up from 0.</summary>
    public static byte[] Images(int count, int h, int w) =>
        Of(0x803, [(uint)count, (uint)h, (uint)w], [.. Enumerable.Range(0, count * h * w).Select(i => (byte)i)]);

    public static byte[] Labels(params byte[] labels) => Of(0x801, [(uint)labels.Length], labels);

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
