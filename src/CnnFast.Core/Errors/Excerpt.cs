using System.Globalization;
using System.Text;

namespace CnnFast;

/// <summary>Shows text of an untrusted file in a message: in quotes, cut where it is long, control characters as their numbers.</summary>
internal static class Excerpt
{
    private const int MaxLength = 80;

    public static string Of(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder("'");
        foreach (char c in text[..Math.Min(text.Length, MaxLength)])
        {
            if (char.IsControl(c) || char.IsSurrogate(c))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                shown.Append(c);
        }

        return shown.Append(text.Length > MaxLength ? "…'" : "'").ToString();
    }
}
