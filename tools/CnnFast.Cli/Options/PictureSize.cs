using System.CommandLine;
using System.Globalization;

namespace CnnFast.Cli;

/// <summary>The size that picture files get: <c>--size</c>.</summary>
internal static class PictureSize
{
    /// <summary>Red, green, blue.</summary>
    public const int Colours = 3;

    private const int Usual = 64;
    private const int Most = 4096;

    public static Option<string?> Option(string usual) => new("--size")
    {
        Description = $"Pictures get this size: the shorter side is scaled, the middle is cut out [default: {usual}].",
        HelpName = "N|HxW",
    };

    /// <summary>The height and width that were asked for, or null.</summary>
    /// <exception cref="InputException">It is no size.</exception>
    public static (int H, int W)? Read(string? text)
    {
        if (text is null)
            return null;
        string[] parts = text.Split('x', 'X');
        int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0)];
        return parts.Length is 1 or 2 && numbers.All(number => number is >= 1 and <= Most)
            ? (numbers[0], numbers[^1])
            : throw new InputException($"--size is '{text}'; expected a number of pixels, or height x width such as 96x128.");
    }

    /// <summary>What was asked for, or the usual size.</summary>
    public static (int H, int W) OrUsual((int H, int W)? size) => size ?? (Usual, Usual);
}
