using System.Buffers.Binary;

namespace CnnFast.Files;

/// <summary>The element types of a NumPy file that can be read as floats: size, byte order and conversion.</summary>
internal readonly record struct NpyElement(char Kind, int Size, bool IsBigEndian)
{
    /// <summary>The names that <see cref="Parse"/> knows, for messages.</summary>
    public const string Supported = "'<f2', '<f4', '<f8', '<i4', '<i8' (or big-endian, '>f4'), '|u1' or '|b1'";

    /// <summary>Whether the bytes in the file are those of floats in memory.</summary>
    public bool IsFloat => Kind == 'f' && Size == 4 && !IsBigEndian;

    /// <summary>The element type of a <c>descr</c>, or null where it cannot be read as floats.</summary>
    public static NpyElement? Parse(string descr) => descr switch
    {
        "|u1" or "<u1" or ">u1" or "u1" => new NpyElement('u', 1, false),
        "|b1" or "<b1" or ">b1" or "b1" or "|?" or "?" => new NpyElement('b', 1, false),
        "<f2" or ">f2" => new NpyElement('f', 2, descr[0] == '>'),
        ['<' or '>', 'f' or 'i', '4' or '8'] => new NpyElement(descr[1], descr[2] - '0', descr[0] == '>'),
        _ => null,
    };

    /// <summary>The elements that this library writes for a type, as a <c>descr</c>.</summary>
    public static string DescrOf(ElementType type) => type switch
    {
        ElementType.Float32 => "<f4",
        ElementType.Int32 => "<i4",
        ElementType.Int64 => "<i8",
        ElementType.UInt8 => "|u1",
        _ => "|b1",
    };

    /// <summary>Converts elements to floats, rounded to the nearest.</summary>
    /// <param name="source">The bytes of the elements.</param>
    /// <param name="destination">As many floats.</param>
    public void Convert(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            ReadOnlySpan<byte> element = source.Slice(i * Size, Size);
            destination[i] = Size switch
            {
                1 => Kind == 'b' && element[0] != 0 ? 1 : element[0],
                2 => (float)(IsBigEndian ? BinaryPrimitives.ReadHalfBigEndian(element) : BinaryPrimitives.ReadHalfLittleEndian(element)),
                4 => FromBits(IsBigEndian ? BinaryPrimitives.ReadInt32BigEndian(element) : BinaryPrimitives.ReadInt32LittleEndian(element)),
                _ => FromBits(IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(element) : BinaryPrimitives.ReadInt64LittleEndian(element)),
            };
        }
    }

    private float FromBits(int bits) => Kind == 'f' ? BitConverter.Int32BitsToSingle(bits) : bits;

    private float FromBits(long bits) => Kind == 'f' ? (float)BitConverter.Int64BitsToDouble(bits) : bits;
}
