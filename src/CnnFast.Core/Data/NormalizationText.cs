using System.Globalization;

namespace CnnFast.Data;

/// <summary>The factors of a normalisation in the metadata of files: numbers with spaces between them, one a channel.</summary>
internal static class NormalizationText
{
    /// <summary>The scales.</summary>
    public static string Scales(Normalization normalization) => Write(normalization.Channels, normalization.ScaleOf);

    /// <summary>The offsets.</summary>
    public static string Offsets(Normalization normalization) => Write(normalization.Channels, normalization.OffsetOf);

    /// <summary>The numbers of such a text; null where it is none.</summary>
    public static double[]? TryRead(string text)
    {
        string[] parts = text.Split(' ');
        var numbers = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return numbers;
    }

    private static string Write(int channels, Func<int, double> factor) =>
        string.Join(' ', Enumerable.Range(0, channels).Select(c => factor(c).ToString("R", CultureInfo.InvariantCulture)));
}
