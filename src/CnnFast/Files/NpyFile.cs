using System.Runtime.InteropServices;
using CommunityToolkit.HighPerformance.Buffers;

namespace CnnFast.Files;

/// <summary>
/// Reads and writes arrays in NumPy's <c>.npy</c> format. Files are untrusted: nothing is allocated for what a header merely claims.
/// </summary>
/// <remarks>The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1.0, 2.0 and 3.0.</remarks>
public static class NpyFile
{
    private const int Portion = 1 << 16;

    /// <summary>
    /// Reads an array of floats (of 16, 32 or 64 bits), 32-bit or 64-bit integers (of either byte order), bytes or truth
    /// values, in C order, as floats.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The array, rounded to floats.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is not a whole NumPy file, or of another type or order.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static NpyArray Read(string path)
    {
        using FileStream stream = InputFile.Open(path, "a NumPy file");
        return Read(stream, path);
    }

    /// <summary>Reads an array from a stream, up to its end. The stream stays open.</summary>
    /// <param name="stream">The stream, at the start of the file; it need not be able to seek.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>The array, rounded to floats.</returns>
    /// <exception cref="DataFormatException">The stream is not a whole NumPy file, or of another type or order.</exception>
    public static NpyArray Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        NpyHeader header = NpyHeader.Read(stream, name);
        int count = header.Shape.ElementCount;
        long expected = (long)count * header.Element.Size;
        long? held = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : null;
        if (held is not null && held != expected)
            throw WrongLength(name, held.Value, expected, header.Shape);

        float[] values = header.Element.IsFloat
            ? UntrustedArray.Read<float>(count, held is not null,
                bytes => stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false), out long found)
            : UntrustedArray.Read<float>(count, held is not null,
                floats => Convert(stream, header.Element, MemoryMarshal.Cast<byte, float>(floats)), out found);
        if (found < count)
            throw WrongLength(name, found * header.Element.Size, expected, header.Shape);
        if (stream.ReadAtLeast(stackalloc byte[1], 1, throwOnEndOfStream: false) != 0)
            throw WrongLength(name, expected + 1, expected, header.Shape);
        return new NpyArray(header.Shape, values);
    }

    /// <summary>Reads an array as it is: the elements of the file one after the other, little-endian.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is not a whole NumPy file, or of another type or order.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    internal static (NpyElement Element, Shape Shape, byte[] Bytes) ReadElements(string path)
    {
        using FileStream stream = InputFile.Open(path, "a NumPy file");
        NpyHeader header = NpyHeader.Read(stream, path);
        int size = header.Element.Size;
        long expected = (long)header.Shape.ElementCount * size;
        long? held = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : null;
        if (held is not null && held != expected)
            throw WrongLength(path, held.Value, expected, header.Shape);
        if (expected > Array.MaxLength)
            throw new DataFormatException($"'{path}' holds {expected} bytes; expected at most {Array.MaxLength}.");
        byte[] bytes = UntrustedArray.Read<byte>((int)expected, held is not null,
            part => stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false), out long found);
        if (found < expected)
            throw WrongLength(path, found, expected, header.Shape);
        if (header.Element.IsBigEndian)
        {
            for (int i = 0; i < bytes.Length; i += size)
                bytes.AsSpan(i, size).Reverse();
        }

        return (header.Element with { IsBigEndian = false }, header.Shape, bytes);
    }

    /// <summary>Writes elements of any type in C order (version 1.0), replacing an old file in one step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="type">What the elements are.</param>
    /// <param name="bytes">The elements, as many as the shape has.</param>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written; the old file is as it was.</exception>
    /// <exception cref="IOException">There is no such folder, or the disk is full; the old file is as it was.</exception>
    internal static void WriteElements(string path, Shape shape, ElementType type, ReadOnlySpan<byte> bytes)
    {
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(NpyHeader.Write(shape, type));
        file.Stream.Write(bytes);
        file.Commit();
    }

    /// <summary>Writes floats in C order (version 1.0, <c>&lt;f4</c>), replacing an old file in one step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="data">As many values as the shape has elements.</param>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written; the old file is as it was.</exception>
    /// <exception cref="IOException">There is no such folder, or the disk is full; the old file is as it was.</exception>
    public static void Write(string path, Shape shape, ReadOnlySpan<float> data)
    {
        CheckLength(shape, data.Length);
        using AtomicFile file = AtomicFile.Create(path);
        Write(file.Stream, shape, data);
        file.Commit();
    }

    /// <summary>Writes floats in C order (version 1.0, <c>&lt;f4</c>) to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="data">As many values as the shape has elements.</param>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public static void Write(Stream stream, Shape shape, ReadOnlySpan<float> data)
    {
        ArgumentNullException.ThrowIfNull(stream);
        CheckLength(shape, data.Length);
        stream.Write(NpyHeader.Write(shape));
        while (!data.IsEmpty)
        {
            int count = Math.Min(data.Length, Portion);
            stream.Write(MemoryMarshal.AsBytes(data[..count]));
            data = data[count..];
        }
    }

    /// <summary>Reads elements and leaves them as floats.</summary>
    /// <returns>Bytes of the floats that came.</returns>
    private static int Convert(Stream stream, NpyElement element, Span<float> destination)
    {
        using SpanOwner<byte> buffer = SpanOwner<byte>.Allocate(Portion);
        int done = 0;
        while (done < destination.Length)
        {
            int count = Math.Min(destination.Length - done, Portion / element.Size);
            Span<byte> bytes = buffer.Span[..(count * element.Size)];
            int found = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) / element.Size;
            element.Convert(bytes[..(found * element.Size)], destination.Slice(done, found));
            done += found;
            if (found < count)
                break;
        }

        return done * sizeof(float);
    }

    private static void CheckLength(Shape shape, int length)
    {
        if (length != shape.ElementCount)
            throw new ShapeException($"NpyFile: {length} values were given for the shape {shape}; expected {shape.ElementCount}.");
    }

    private static DataFormatException WrongLength(string name, long found, long expected, Shape shape) =>
        new($"'{name}' {(found < expected ? $"ends after {found} bytes of data" : "goes on after its data")}; " +
            $"expected {expected} bytes for the shape {shape}.");
}
