using System.Runtime.InteropServices;

namespace CnnFast.Visualization;

/// <summary>A colour, as three bytes of a picture's pixels.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    public static Rgb Paper { get; } = new(236, 239, 242);

    public static Rgb White { get; } = new(255, 255, 255);

    public static Rgb Ink { get; } = new(27, 31, 36);

    public static Rgb Faint { get; } = new(87, 96, 106);

    /// <summary>What parts tiles, neither white nor black nor paper.</summary>
    public static Rgb Line { get; } = new(150, 159, 168);

    public static Rgb Green { get; } = new(26, 127, 55);

    public static Rgb Red { get; } = new(207, 34, 46);

    public static Rgb Blue { get; } = new(9, 105, 218);

    /// <summary>A colour between two.</summary>
    public static Rgb Lerp(Rgb from, Rgb to, float share) => new(Part(from.R, to.R, share), Part(from.G, to.G, share),
        Part(from.B, to.B, share));

    private static byte Part(byte from, byte to, float share) => (byte)MathF.Round(float.Lerp(from, to, Math.Clamp(share, 0, 1)));
}
