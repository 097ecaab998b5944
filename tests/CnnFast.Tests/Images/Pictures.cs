using System.Buffers.Binary;
using System.IO.Compression;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests.Images;

/// <summary>Small picture files.</summary>
internal static class Pictures
{
    public static IImageEncoder EncoderFor(string name) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".PNG" => new PngEncoder { ColorType = PngColorType.RgbWithAlpha },
        ".BMP" => new BmpEncoder(),
        ".WEBP" => new WebpEncoder { FileFormat = WebpFileFormatType.Lossless },
        _ => new JpegEncoder { Quality = 100, ColorType = JpegColorType.YCbCrRatio444 },
    };

    /// <summary>The bytes of a file whose pixels are of one colour.</summary>
    public static byte[] Plain(string name, int width, int height, Rgba32 color) => Of(name, width, height, (_, _) => color);

    /// <summary>The bytes of a file.</summary>
    public static byte[] Of(string name, int width, int height, Func<int, int, Rgba32> colorAt, ushort orientation = 0)
    {
        using var image = new Image<Rgba32>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = colorAt(x, y);
        }

        if (orientation > 0)
        {
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, orientation);
        }

        using var stream = new MemoryStream();
        image.Save(stream, EncoderFor(name));
        return stream.ToArray();
    }

    /// <summary>The bytes of a grey PNG file of some bits.</summary>
    public static byte[] Grey(int width, int height, PngBitDepth depth, Func<int, int, byte> levelAt,
        PngColorType color = PngColorType.Grayscale, PngInterlaceMode interlace = PngInterlaceMode.None)
    {
        using var image = new Image<L8>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = new L8(levelAt(x, y));
        }

        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder { ColorType = color, BitDepth = depth, InterlaceMethod = interlace });
        return stream.ToArray();
    }

    /// <summary>The bytes of a grey PNG file of 16 bits.</summary>
    public static byte[] Grey16(int width, int height, Func<int, int, ushort> levelAt, PngFilterMethod filter = PngFilterMethod.None)
    {
        using var image = new Image<L16>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = new L16(levelAt(x, y));
        }

        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit16, FilterMethod = filter });
        return stream.ToArray();
    }

    /// <summary>A PNG file with one more chunk after its header.</summary>
    public static byte[] WithChunk(byte[] png, string type, byte[] data)
    {
        const int Header = 8 + 25;
        byte[] body = [.. type.Select(c => (byte)c), .. data];
        var frame = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(frame, data.Length);
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(body));
        return [.. png[..Header], .. frame, .. body, .. crc, .. png[Header..]];
    }

    /// <summary>A PNG file whose pixel data are others, unpacked.</summary>
    public static byte[] WithPixels(byte[] png, byte[] unpacked)
    {
        const int Header = 8 + 25;
        return WithChunk(WithChunk(png[..Header], "IEND", []), "IDAT", Packed(unpacked));
    }

    /// <summary>Packed zeros.</summary>
    public static byte[] Deflated(int length) => Packed(new byte[length]);

    /// <summary>EXIF data in which every value that may be long is all of them.</summary>
    public static byte[] ManyValues(int length)
    {
        // ASCII values of the first directory: description, maker, model, software, artist, copyright, document, page, host and others.
        ushort[] tags = [0x010D, 0x010E, 0x010F, 0x0110, 0x011D, 0x0131, 0x013B, 0x013C, 0x0151, 0x8298, 0xA420, 0xA430, 0xA433, 0xA434];
        var data = new byte[length];
        "II*\0"u8.CopyTo(data);
        BitConverter.TryWriteBytes(data.AsSpan(4), 8);
        BitConverter.TryWriteBytes(data.AsSpan(8), (ushort)tags.Length);
        for (int i = 0; i < tags.Length; i++)
        {
            Span<byte> entry = data.AsSpan(10 + (i * 12));
            BitConverter.TryWriteBytes(entry, tags[i]);
            BitConverter.TryWriteBytes(entry[2..], (ushort)2);
            BitConverter.TryWriteBytes(entry[4..], length - 256);
            BitConverter.TryWriteBytes(entry[8..], 256);
        }

        data.AsSpan(256).Fill((byte)'a');
        return data;
    }

    /// <summary>Writes a file into folders that are made where they are not there.</summary>
    public static string Write(this TemporaryFolder folder, string[] parts, byte[] content)
    {
        string path = Path.Combine([folder.FullPath, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Packed(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize))
            stream.Write(data);
        return packed.ToArray();
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
