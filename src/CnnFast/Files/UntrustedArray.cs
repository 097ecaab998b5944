using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Files;

/// <summary>Fills arrays whose length an untrusted header claims, without believing the claim.</summary>
internal static class UntrustedArray
{
    private const int FirstChunkBytes = 1 << 20;

    /// <summary>Reads the next bytes of a source; fewer than asked for only at its end.</summary>
    /// <param name="destination">Receives the bytes.</param>
    /// <returns>How many were read.</returns>
    public delegate int Source(Span<byte> destination);

    /// <summary>Reads an array.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="count">Elements that the header claims.</param>
    /// <param name="isHeld">Whether the source is known to hold that many, so that the array can be made at once; else it
    /// grows with what comes.</param>
    /// <param name="source">Where the bytes come from.</param>
    /// <param name="found">How many whole elements came; fewer than <paramref name="count"/> means that the source ended.</param>
    /// <returns>The elements; of no use where too few came.</returns>
    public static T[] Read<T>(int count, bool isHeld, Source source, out long found)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        int length = isHeld ? count : Math.Min(count, FirstChunkBytes / size);
        T[] values = GC.AllocateUninitializedArray<T>(length);
        int filled = 0;
        while (true)
        {
            while (filled < length)
            {
                int portion = Math.Min(length - filled, FirstChunkBytes / size);
                Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan(filled, portion));
                int read = source(bytes);
                filled += read / size;
                if (read < bytes.Length)
                {
                    found = filled;
                    return values;
                }
            }

            if (length == count)
            {
                found = count;
                return values;
            }

            length = (int)Math.Min(count, 2L * length);
            Array.Resize(ref values, length);
        }
    }
}
