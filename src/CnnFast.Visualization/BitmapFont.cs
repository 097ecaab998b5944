namespace CnnFast.Visualization;

/// <summary>The bitmap font Spleen 8×16 of printable ASCII (Assets/README.md); other characters are written as '?'.</summary>
internal static class BitmapFont
{
    public const int Width = 8;
    public const int Height = 16;

    private const char First = ' ';
    private const char Last = '~';

    private static readonly byte[] Glyphs = Read();

    public static void Draw(Picture picture, int x, int y, string text, Rgb color)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i] is >= First and <= Last ? text[i] : '?';
            for (int row = 0; row < Height; row++)
            {
                int bits = Glyphs[((character - First) * Height) + row];
                for (int column = 0; column < Width; column++)
                {
                    if ((bits & (0x80 >> column)) != 0)
                        picture.Set(x + (i * Width) + column, y + row, color);
                }
            }
        }
    }

    /// <summary>What the font has of a text: typographic signs as their ASCII likes, others as '?'.</summary>
    public static string Ascii(string text) => string.Concat(text.Replace("×", "x", StringComparison.Ordinal)
        .Replace("ŷ", "y^", StringComparison.Ordinal).Replace("−", "-", StringComparison.Ordinal)
        .Select(character => character is >= First and <= Last ? character : '?'));

    /// <summary>A text cut to a number of characters.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : length < 3 ? text[..length] : text[..(length - 2)]
        + "..";

    /// <summary>A text in lines of at most so many characters.</summary>
    public static IEnumerable<string> Lines(string text, int length)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > length)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? Cut(word, length) : " " + Cut(word, length);
        }

        yield return line;
    }

    private static byte[] Read()
    {
        using Stream stream = typeof(BitmapFont).Assembly.GetManifestResourceStream("spleen-8x16.bin")!;
        var glyphs = new byte[(Last - First + 1) * Height];
        stream.ReadExactly(glyphs);
        return glyphs;
    }
}
