using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CnnFast.Files;

/// <summary>
/// Writes safetensors files that replace the old file in one step: whenever the process ends, the path holds the old file or the whole
/// new one. The same tensors and metadata give the same bytes.
/// </summary>
public static class SafetensorsWriter
{
    private const int DataAlignment = 64;

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; an old one is replaced.</param>
    /// <param name="tensors">The tensors; those of wider element types come first, else the order is kept. The data starts at
    /// a multiple of 64 bytes.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>, in their order; none where null or empty.</param>
    /// <exception cref="ArgumentException">A name comes twice, is <c>__metadata__</c> or is no valid Unicode, or the names and texts are
    /// too long for a header.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written; the old file is as it was.</exception>
    /// <exception cref="IOException">There is no such folder, or the disk is full; the old file is as it was.</exception>
    public static void Write(string path, IEnumerable<SafetensorsTensor> tensors,
        IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        SafetensorsTensor[] ordered = Order(tensors);
        byte[] header = Header(ordered, metadata);
        using AtomicFile file = AtomicFile.Create(path);
        file.Write(stream => Write(stream, header, ordered));
        file.Commit();
    }

    /// <summary>Writes the content of a file to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">The tensors; those of wider element types come first, else the order is kept.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>, in their order; none where null or empty.</param>
    /// <exception cref="ArgumentException">A name comes twice, is <c>__metadata__</c> or is no valid Unicode, or the names and texts are
    /// too long for a header.</exception>
    public static void Write(Stream stream, IEnumerable<SafetensorsTensor> tensors,
        IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SafetensorsTensor[] ordered = Order(tensors);
        Write(stream, Header(ordered, metadata), ordered);
    }

    private static SafetensorsTensor[] Order(IEnumerable<SafetensorsTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return [.. tensors.OrderByDescending(tensor => SafetensorsDTypes.SizeOf(tensor.DType))];
    }

    private static void Write(Stream stream, byte[] header, SafetensorsTensor[] tensors)
    {
        stream.Write(header);
        foreach (SafetensorsTensor tensor in tensors)
            WriteData(stream, tensor);
    }

    // A span of bytes holds 2^31 - 1 of them, four times less than a tensor may have: floats go out in portions.
    private static void WriteData(Stream stream, SafetensorsTensor tensor)
    {
        const int Portion = 1 << 20;
        if (tensor.DType != SafetensorsDType.F32)
        {
            stream.Write(tensor.Bytes);
            return;
        }

        ReadOnlySpan<float> left = tensor.Data.Span;
        while (!left.IsEmpty)
        {
            int count = Math.Min(left.Length, Portion);
            stream.Write(MemoryMarshal.AsBytes(left[..count]));
            left = left[count..];
        }
    }

    /// <summary>The 8 bytes of the header's length and the header, padded with spaces so that the data is aligned.</summary>
    private static byte[] Header(SafetensorsTensor[] tensors, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        buffer.Advance(8);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            WriteEntries(json, tensors);
            json.WriteEndObject();
        }

        int length = (buffer.WrittenCount + DataAlignment - 1) / DataAlignment * DataAlignment;
        if (length - 8 > SafetensorsFile.MaxHeaderLength)
            throw new ArgumentException($"SafetensorsWriter: the names and metadata take {length - 8} bytes; " +
                $"expected at most {SafetensorsFile.MaxHeaderLength}, the longest header of the format.", nameof(metadata));
        var header = new byte[length];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(length - 8));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string key, string value) in metadata ?? [])
        {
            if (keys.Count == 0)
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
            CheckText(key, "metadata key");
            CheckText(value, $"metadata value of {Excerpt.Of(key)}");
            if (!keys.Add(key))
                throw new ArgumentException(
                    $"SafetensorsWriter: the metadata has the key {Excerpt.Of(key)} twice; expected every key once.", nameof(metadata));
            json.WriteString(key, value);
        }

        if (keys.Count > 0)
            json.WriteEndObject();
    }

    private static void WriteEntries(Utf8JsonWriter json, SafetensorsTensor[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        long begin = 0;
        foreach (SafetensorsTensor tensor in tensors)
        {
            CheckText(tensor.Name, "tensor name");
            if (tensor.Name == SafetensorsHeader.MetadataKey)
                throw new ArgumentException(
                    $"SafetensorsWriter: a tensor is called '{tensor.Name}'; expected another name, since the format keeps this one.",
                    nameof(tensors));
            if (!names.Add(tensor.Name))
                throw new ArgumentException(
                    $"SafetensorsWriter: two tensors are called {Excerpt.Of(tensor.Name)}; expected every name once.", nameof(tensors));
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", SafetensorsDTypes.NameOf(tensor.DType));
            json.WriteStartArray("shape");
            foreach (int dimension in tensor.Shape.Dimensions)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            begin += (long)tensor.Shape.ElementCount * SafetensorsDTypes.SizeOf(tensor.DType);
            json.WriteNumberValue(begin);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void CheckText(string text, string what)
    {
        if (text is null)
            throw new ArgumentException($"SafetensorsWriter: a {what} is null; expected text.");
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw new ArgumentException(
                    $"SafetensorsWriter: the {what} {Excerpt.Of(text)} holds half a surrogate pair; expected valid Unicode.");
            i++;
        }
    }
}
