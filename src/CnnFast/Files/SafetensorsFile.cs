using System.Buffers.Binary;
using System.Collections.ObjectModel;

namespace CnnFast.Files;

/// <summary>
/// A safetensors file that was read whole and checked strictly: what it claims about itself is believed only after it was held against
/// the bytes that are there. Immutable and thread-safe.
/// </summary>
/// <remarks>The format: https://huggingface.co/docs/safetensors (header length, JSON header, one buffer). Stricter than its reference
/// reader in this: keys that the format does not know, tensors with a dimension of 0 and tensors of more than 2^31 − 1
/// elements are rejected.</remarks>
public sealed class SafetensorsFile
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    internal const int MaxHeaderLength = 100_000_000;

    private readonly Dictionary<string, SafetensorsTensor> _byName;

    private SafetensorsFile(string name, SafetensorsTensor[] tensors, Dictionary<string, string> metadata)
    {
        Name = name;
        Tensors = Array.AsReadOnly(tensors);
        Metadata = metadata.AsReadOnly();
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>What messages call the file: its path, or the name that was given with its stream.</summary>
    public string Name { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public ReadOnlyCollection<SafetensorsTensor> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>; empty where the file has none.</summary>
    public ReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="DataFormatException">The file has no such tensor.</exception>
    public SafetensorsTensor this[string name] => Find(name)
        ?? throw new DataFormatException($"'{Name}' holds no tensor {Excerpt.Of(name)}; expected one among its {Tensors.Count} tensors.");

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its tensors and metadata.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is not a whole safetensors file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static SafetensorsFile Read(string path)
    {
        using FileStream stream = InputFile.Open(path, "a safetensors file");
        return Read(stream, path);
    }

    /// <summary>Reads a file from a stream, up to its end. The stream stays open.</summary>
    /// <param name="stream">The stream, at the start of the file; it need not be able to seek.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>Its tensors and metadata.</returns>
    /// <exception cref="DataFormatException">The stream is not a whole safetensors file.</exception>
    public static SafetensorsFile Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        long? total = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : null;
        byte[] header = ReadHeader(stream, name, total);
        (List<SafetensorsEntry> entries, Dictionary<string, string> metadata) = SafetensorsHeader.Parse(header, name);
        long dataLength = SafetensorsHeader.CheckTiling(entries, name);
        long? held = total - 8 - header.Length;
        if (held is not null && held != dataLength)
            throw WrongLength(name, held.Value, dataLength);

        var tensors = new SafetensorsTensor[entries.Count];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = ReadTensor(stream, name, entries[i], held is not null, dataLength);
        if (stream.ReadAtLeast(stackalloc byte[1], 1, throwOnEndOfStream: false) != 0)
            throw new DataFormatException($"'{name}' goes on after its tensors; expected {dataLength} bytes of data, as its header says.");
        return new SafetensorsFile(name, tensors, metadata);
    }

    /// <summary>The tensor of a name, or null where the file has none.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The tensor or null.</returns>
    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    private static byte[] ReadHeader(Stream stream, string name, long? total)
    {
        Span<byte> prefix = stackalloc byte[8];
        int found = stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false);
        if (found < 8)
            throw new DataFormatException($"'{name}' ends after {found} bytes; expected a safetensors file, " +
                "which starts with 8 bytes that give the length of its header.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderLength)
            throw new DataFormatException($"'{name}' claims a safetensors header of {length} bytes; expected at most {MaxHeaderLength}.");
        if (length < 2)
            throw new DataFormatException(
                $"'{name}' claims a safetensors header of {length} bytes; expected at least 2, an empty JSON object.");
        if (total - 8 < (long)length)
            throw new DataFormatException(
                $"'{name}' claims a safetensors header of {length} bytes but ends after {total - 8} of them; expected all of it.");
        byte[] header = UntrustedArray.Read<byte>((int)length, total is not null,
            bytes => stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false), out long headerFound);
        if (headerFound < (long)length)
            throw new DataFormatException(
                $"'{name}' claims a safetensors header of {length} bytes but ends after {headerFound} of them; expected all of it.");
        return header;
    }

    private static SafetensorsTensor ReadTensor(Stream stream, string name, SafetensorsEntry entry, bool isHeld, long dataLength)
    {
        long length = entry.End - entry.Begin;
        if (entry.DType == SafetensorsDType.F32)
        {
            float[] floats = UntrustedArray.Read<float>(entry.Shape.ElementCount, isHeld, Source, out long count);
            return count == entry.Shape.ElementCount
                ? new SafetensorsTensor(entry.Name, entry.Shape, floats)
                : throw WrongLength(name, entry.Begin + (count * sizeof(float)), dataLength);
        }

        if (length > Array.MaxLength)
            throw new DataFormatException($"'{name}': tensor {Excerpt.Of(entry.Name)} of type {SafetensorsDTypes.NameOf(entry.DType)} " +
                $"takes {length} bytes; expected at most {Array.MaxLength}.");
        byte[] bytes = UntrustedArray.Read<byte>((int)length, isHeld, Source, out long found);
        return found == length
            ? new SafetensorsTensor(entry.Name, entry.DType, entry.Shape, bytes)
            : throw WrongLength(name, entry.Begin + found, dataLength);

        int Source(Span<byte> destination) => stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
    }

    private static DataFormatException WrongLength(string name, long found, long expected) => found < expected
        ? new DataFormatException($"'{name}' is truncated: it holds {found} bytes of tensor data; expected {expected}, as its header says.")
        : new DataFormatException(
            $"'{name}' holds {found} bytes of tensor data; expected {expected}, as its header says, and nothing after them.");
}
