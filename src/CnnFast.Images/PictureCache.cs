using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CnnFast.Files;

namespace CnnFast.Images;

/// <summary>
/// Decoded images in one file. Nothing in it is trusted: its head must be that of these pictures and options, and the checksum of every
/// image is compared when it is read. The file: eight bytes of a name, the key, two numbers, then for every image whether it is there and
/// its checksum, a checksum of all that, and the images one after the other.
/// </summary>
internal sealed class PictureCache
{
    private const int HashLength = SHA256.HashSizeInBytes;
    private const int Entry = 1 + HashLength;
    private const int Fixed = 8 + HashLength + 8;
    private const int Chunk = 64;

    private readonly string _path;
    private readonly byte[] _key;
    private readonly byte[] _head;
    private readonly int _length;
    private readonly int[] _places;

    private PictureCache(string path, byte[] key, byte[] head, int length, int[] places)
    {
        _path = path;
        _key = key;
        _head = head;
        _length = length;
        _places = places;
    }

    private static ReadOnlySpan<byte> Magic => "CNNFIMG1"u8;

    /// <summary>Throws where a file is no cache: it is not replaced by one.</summary>
    /// <exception cref="DataFormatException">It begins with something else.</exception>
    public static void RequireReplaceable(string path)
    {
        if (!File.Exists(path))
            return;
        var start = new byte[Magic.Length];
        using FileStream stream = InputFile.Open(path, "a cache of pictures");
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (!start.AsSpan(0, length).SequenceEqual(Magic[..length]))
            throw new DataFormatException($"'{path}' begins with {Convert.ToHexString(start.AsSpan(0, length))} " +
                "and is no cache of pictures; expected one, which may be replaced, or no file.");
    }

    /// <summary>The cache in a file; null where there is none, or it is damaged or of other pictures.</summary>
    public static PictureCache? TryOpen(string path, byte[] key, int count, int length)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            int headLength = HeadLength(count);
            if (stream.Length != headLength + ((long)count * length))
                return null;
            var head = new byte[headLength];
            stream.ReadExactly(head);
            return head.AsSpan().StartsWith(Start(key, count, length))
                && head.AsSpan(^HashLength..).SequenceEqual(SHA256.HashData(head.AsSpan(..^HashLength)))
                ? new PictureCache(path, key, head, length, [.. Enumerable.Range(0, count)])
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Decodes all images into a file, which takes its name when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What the images depend on.</param>
    /// <param name="count">How many images there are.</param>
    /// <param name="length">Bytes of one.</param>
    /// <param name="decode">Decodes one; false where it cannot be read and is to be skipped.</param>
    /// <param name="threads">The most threads that decode.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public static PictureCache Build(string path, byte[] key, int count, int length, PictureStore.TryDecode decode, int threads,
        CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength(count)];
        Start(key, count, length).CopyTo(head.AsSpan());
        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Stream.Write(head);
            var pixels = new byte[Math.Min(Chunk, count)][];
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = new byte[length];
            for (int start = 0; start < count; start += Chunk)
            {
                int first = start;
                int n = Math.Min(Chunk, count - start);
                PictureStore.ForAll(n, threads, i => AddOne(first + i, pixels[i]), cancellationToken);
                for (int i = 0; i < n; i++)
                    file.Stream.Write(pixels[i]);
            }

            SHA256.HashData(head.AsSpan(..^HashLength), head.AsSpan(^HashLength..));
            file.Stream.Position = 0;
            file.Stream.Write(head);
            file.Commit();
        }

        return new PictureCache(path, key, head, length, [.. Enumerable.Range(0, count)]);

        void AddOne(int index, byte[] image)
        {
            Span<byte> entry = head.AsSpan(Fixed + (index * Entry), Entry);
            entry[0] = decode(index, image) ? (byte)1 : (byte)0;
            if (entry[0] == 0)
                image.AsSpan().Clear();
            Checksum(key, index, image, entry[1..]);
        }
    }

    /// <summary>Whether an image is in the file.</summary>
    public bool Has(int index) => _head[Fixed + (_places[index] * Entry)] == 1;

    /// <summary>The cache of some of the images, in their order.</summary>
    public PictureCache Subset(int[] indices) => new(_path, _key, _head, _length, [.. indices.Select(index => _places[index])]);

    /// <summary>Reads an image; false where the file is no longer what it was.</summary>
    public bool TryRead(int index, Span<byte> pixels)
    {
        int place = _places[index];
        if (!Has(index))
            return false;
        try
        {
            using var handle = File.OpenHandle(_path);
            if (RandomAccess.Read(handle, pixels[.._length], _head.Length + ((long)place * _length)) != _length)
                return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        Span<byte> checksum = stackalloc byte[HashLength];
        Checksum(_key, place, pixels[.._length], checksum);
        return checksum.SequenceEqual(_head.AsSpan(Fixed + (place * Entry) + 1, HashLength));
    }

    private static int HeadLength(int count) => checked(Fixed + (count * Entry) + HashLength);

    private static byte[] Start(byte[] key, int count, int length)
    {
        var start = new byte[Fixed];
        Magic.CopyTo(start);
        key.CopyTo(start.AsSpan(Magic.Length));
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(Fixed - 8), count);
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(Fixed - 4), length);
        return start;
    }

    // Of the pixels and what they are: those of another image or another cache do not pass.
    private static void Checksum(byte[] key, int index, ReadOnlySpan<byte> pixels, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key);
        hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in index)));
        hash.AppendData(pixels);
        hash.GetHashAndReset(checksum);
    }
}
