using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CnnFast.Files;

/// <summary>The header of a NumPy file: element type and shape, written as a Python dictionary.</summary>
internal sealed record NpyHeader(NpyElement Element, Shape Shape)
{
    /// <summary>The longest header that is read, in bytes; NumPy's own are below 200.</summary>
    public const int MaxLength = ushort.MaxValue;

    private const int MaxRank = 32;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the magic, the version and the header; the stream is at the data then.</summary>
    /// <exception cref="DataFormatException">It is not such a header, or one that cannot be read as floats.</exception>
    public static NpyHeader Read(Stream stream, string file)
    {
        Span<byte> prefix = stackalloc byte[12];
        int found = stream.ReadAtLeast(prefix[..8], 8, throwOnEndOfStream: false);
        if (found < 8 || !prefix.StartsWith(Magic))
            throw new DataFormatException($"'{file}' " +
                $"{(found < 8 ? $"ends after {found} bytes" : "does not start with the bytes 93 4E 55 4D 50 59")}; expected a NumPy file.");
        (int major, int minor) = (prefix[6], prefix[7]);
        if (major is < 1 or > 3 || minor != 0)
            throw new DataFormatException($"'{file}' is a NumPy file of version {major}.{minor}; expected 1.0, 2.0 or 3.0.");
        int size = major == 1 ? 2 : 4;
        if (stream.ReadAtLeast(prefix[8..(8 + size)], size, throwOnEndOfStream: false) < size)
            throw new DataFormatException($"'{file}' ends within the length of its NumPy header; expected {size} bytes there.");
        uint length = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (length > MaxLength)
            throw new DataFormatException($"'{file}' claims a NumPy header of {length} bytes; expected at most {MaxLength}.");
        var header = new byte[length];
        found = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (found < length)
            throw new DataFormatException(
                $"'{file}' claims a NumPy header of {length} bytes but ends after {found} of them; expected all of it.");
        return Parse(header, file);
    }

    /// <summary>The magic, the version and the header of little-endian elements in C order, padded so that the data is aligned.</summary>
    public static byte[] Write(Shape shape, ElementType type = ElementType.Float32)
    {
        var text = new StringBuilder($"{{'descr': '{NpyElement.DescrOf(type)}', 'fortran_order': False, 'shape': (");
        text.AppendJoin(", ", shape.Dimensions.ToArray()).Append(shape.Rank == 1 ? ",), }" : "), }");
        int total = (Magic.Length + 4 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        int length = total - Magic.Length - 4;
        text.Append(' ', length - text.Length - 1).Append('\n');
        var header = new byte[total];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text.ToString(), header.AsSpan(10));
        return header;
    }

    private static NpyHeader Parse(ReadOnlySpan<byte> header, string file)
    {
        var parser = new PythonLiteralReader(header, file);
        string? descr = null;
        bool? fortranOrder = null;
        List<long>? dimensions = null;
        parser.Expect('{');
        while (!parser.TryTake('}'))
        {
            string key = parser.String();
            parser.Expect(':');
            if (key switch
            {
                "descr" => descr is not null,
                "fortran_order" => fortranOrder is not null,
                "shape" => dimensions is not null,
                _ => false,
            })
                throw new DataFormatException($"'{file}': the NumPy header has the key '{key}' twice; expected every key once.");
            switch (key)
            {
                case "descr":
                    descr = parser.PeekIs('[') ? "a record" : parser.String();
                    if (NpyElement.Parse(descr) is null)
                        throw new DataFormatException(
                            $"'{file}': the elements of the NumPy array are of type {Excerpt.Of(descr)}; expected {NpyElement.Supported}.");
                    break;
                case "fortran_order":
                    fortranOrder = parser.Boolean();
                    break;
                case "shape":
                    dimensions = parser.Tuple(MaxRank);
                    break;
                default:
                    throw new DataFormatException(
                        $"'{file}': the NumPy header has the key {Excerpt.Of(key)}; expected 'descr', 'fortran_order' and 'shape' alone.");
            }

            if (!parser.TryTake(','))
            {
                parser.Expect('}');
                break;
            }
        }

        parser.ExpectEnd();
        if (descr is null || fortranOrder is null || dimensions is null)
            throw new DataFormatException($"'{file}': " +
                $"the NumPy header has no '{(descr is null ? "descr" : fortranOrder is null ? "fortran_order" : "shape")}'; " +
                "expected 'descr', 'fortran_order' and 'shape'.");
        if (fortranOrder.Value)
            throw new DataFormatException(
                $"'{file}': the NumPy array is in Fortran order; expected C order (save numpy.ascontiguousarray of it).");
        return new NpyHeader(NpyElement.Parse(descr)!.Value, ToShape(dimensions, file));
    }

    private static Shape ToShape(List<long> dimensions, string file)
    {
        Span<int> sizes = stackalloc int[dimensions.Count];
        long count = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (dimensions[i] < 1)
                throw new DataFormatException($"'{file}': the NumPy array has the shape ({string.Join(", ", dimensions)}); " +
                    "expected every dimension to be at least 1.");
            if (dimensions[i] > int.MaxValue / count)
                throw new DataFormatException($"'{file}': the NumPy array has the shape ({string.Join(", ", dimensions)}); " +
                    $"expected at most {int.MaxValue.ToString(CultureInfo.InvariantCulture)} elements.");
            sizes[i] = (int)dimensions[i];
            count *= dimensions[i];
        }

        return new Shape(sizes);
    }
}
