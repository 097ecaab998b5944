using System.Buffers.Binary;
using System.Text;
using CnnFast.Files;

namespace CnnFast.Tests.Formats;

/// <summary>Writes safetensors files, good and bad, as bytes.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Of(string header, int dataLength, ulong? claimedLength = null) =>
        Of(Encoding.UTF8.GetBytes(header), dataLength, claimedLength);

    public static byte[] Of(byte[] header, int dataLength, ulong? claimedLength = null)
    {
        var bytes = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimedLength ?? (ulong)header.Length);
        header.CopyTo(bytes, 8);
        for (int i = 8 + header.Length; i < bytes.Length; i++)
            bytes[i] = (byte)i;
        return bytes;
    }

    /// <summary>Checks the sentence with which a file is rejected, from streams of known and of unknown length.</summary>
    public static void AssertRejected(string message, byte[] file)
    {
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(new MemoryStream(file), "x")).Message);
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => SafetensorsFile.Read(new ForwardOnlyStream(file), "x")).Message);
    }
}
