namespace CnnFast.Data;

/// <summary>What names of classes must be.</summary>
internal static class ClassNameCheck
{
    private const int MaxLength = 200;

    /// <summary>A copy of the names.</summary>
    /// <exception cref="ArgumentException">There are too few or too many, or one cannot be a name.</exception>
    public static IReadOnlyList<string> Require(string who, IReadOnlyList<string> names, int classes)
    {
        if (names.Count != classes)
            throw new ArgumentException($"{who}: {names.Count} names of classes were given; expected {classes}, one for each.");
        for (int i = 0; i < classes; i++)
        {
            if (!IsName(names[i]))
                throw new ArgumentException($"{who}: the name of class {i} is {(names[i] is null ? "null" : Excerpt.Of(names[i]))}; " +
                    $"expected 1 to {MaxLength} characters that can be printed.");
        }

        return Array.AsReadOnly(names.ToArray());
    }

    /// <summary>Whether a text can be the name of a class.</summary>
    public static bool IsName(string? text) =>
        !string.IsNullOrEmpty(text) && text.Length <= MaxLength && !text.Any(char.IsControl) && IsUnicode(text);

    private static bool IsUnicode(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
