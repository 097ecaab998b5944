using CnnFast.Data;
using StbImageWriteSharp;

namespace CnnFast.Server.Tests;

/// <summary>Embedded digits as picture files.</summary>
internal static class Pictures
{
    private static readonly ImageDataset Digits = DigitDataset.LoadEmbedded().Test;

    public static byte[] Png(int digit) =>
        Write(digit, (writer, pixels, stream) => writer.WritePng(pixels, 28, 28, ColorComponents.Grey, stream));

    public static byte[] Jpeg(int digit) =>
        Write(digit, (writer, pixels, stream) => writer.WriteJpg(pixels, 28, 28, ColorComponents.Grey, stream, 90));

    public static byte[] Bmp(int digit) => Write(digit, (writer, pixels, stream) =>
        writer.WriteBmp([.. pixels.SelectMany(p => new[] { p, p, p })], 28, 28, ColorComponents.RedGreenBlue, stream));

    public static byte[] Blank(int side)
    {
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(new byte[side * side], side, side, ColorComponents.Grey, stream);
        return stream.ToArray();
    }

    private static byte[] Write(int digit, Action<ImageWriter, byte[], Stream> write)
    {
        using var stream = new MemoryStream();
        write(new ImageWriter(), Digits.GetImageBytes(digit).ToArray(), stream);
        return stream.ToArray();
    }
}
