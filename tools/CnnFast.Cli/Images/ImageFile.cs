using CnnFast.DigitPictures;

namespace CnnFast.Cli;

/// <summary>Reads picture files.</summary>
internal static class ImageFile
{
    private const long MaxBytes = 1 << 27;

    /// <summary>Reads a picture; see-through parts take the colour of what they lie on.</summary>
    /// <exception cref="InputException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is no whole picture, or too large.</exception>
    public static GreyImage Read(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"'{path}' is a folder; expected a PNG, JPEG or BMP file.");
        if (!File.Exists(path))
            throw new InputException($"There is no file '{path}'; expected a PNG, JPEG or BMP file.");
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxBytes)
            throw new DataFormatException($"'{path}' has {stream.Length} bytes; expected a picture of at most {MaxBytes}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes, path);
    }

    /// <summary>Reads a picture from the bytes of its file.</summary>
    /// <exception cref="DataFormatException">It is no whole picture, or too large.</exception>
    public static GreyImage Read(byte[] file, string name) => file.Length <= MaxBytes
        ? ImageDecoder.Decode(file, name)
        : throw new DataFormatException($"'{name}' has {file.Length} bytes; expected a picture of at most {MaxBytes}.");
}
