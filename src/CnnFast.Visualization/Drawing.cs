using System.Runtime.InteropServices;

namespace CnnFast.Visualization;

/// <summary>Rectangles and pictures on pictures; what lies outside is cut off.</summary>
internal static class Drawing
{
    public static void Fill(this Picture picture, int x, int y, int width, int height, Rgb color)
    {
        int left = Math.Max(0, x);
        int columns = (int)Math.Min(picture.Width, (long)x + width) - left;
        if (columns <= 0)
            return;
        Span<Rgb> pixels = MemoryMarshal.Cast<byte, Rgb>(picture.Pixels);
        for (int row = Math.Max(0, y); row < Math.Min(picture.Height, (long)y + height); row++)
            pixels.Slice((row * picture.Width) + left, columns).Fill(color);
    }

    /// <summary>Sets one pixel.</summary>
    public static void Set(this Picture picture, int x, int y, Rgb color)
    {
        if ((uint)x < (uint)picture.Width && (uint)y < (uint)picture.Height)
            MemoryMarshal.Cast<byte, Rgb>(picture.Pixels)[(y * picture.Width) + x] = color;
    }

    public static Rgb At(this Picture picture, int x, int y) => MemoryMarshal.Cast<byte, Rgb>(picture.Pixels)[(y * picture.Width) + x];

    public static void Draw(this Picture picture, int x, int y, Picture part)
    {
        int width = Math.Min(part.Width, picture.Width - x);
        for (int row = 0; row < Math.Min(part.Height, picture.Height - y); row++)
            part.Pixels.Slice(3 * row * part.Width, 3 * width).CopyTo(picture.Pixels[(3 * (((y + row) * picture.Width) + x))..]);
    }

    public static Picture Blank(int width, int height, Rgb color)
    {
        var picture = new Picture(width, height);
        picture.Fill(0, 0, width, height, color);
        return picture;
    }
}
