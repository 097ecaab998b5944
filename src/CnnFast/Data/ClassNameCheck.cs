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

    /// <summary>A copy of the names of what a target is: of classes, or of numbers.</summary>
    /// <exception cref="ArgumentException">There are too few or too many, or one cannot be a name.</exception>
    public static IReadOnlyList<string> Require(string who, IReadOnlyList<string> names, TargetInfo target) =>
        Require(who, names, target.IsLabels ? target.Classes : target.Shape.Rank == 0 ? 1 : target.Shape.Dimensions[^1]);

    /// <summary>A copy of names by which classes are found.</summary>
    /// <exception cref="ArgumentException">There are too few or too many, one cannot be a name, or two are the same.</exception>
    public static IReadOnlyList<string> RequireDistinct(string who, IReadOnlyList<string> names, int classes)
    {
        IReadOnlyList<string> checkedNames = Require(who, names, classes);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < classes; i++)
        {
            if (!found.TryAdd(checkedNames[i], i))
                throw new ArgumentException($"{who}: the classes {found[checkedNames[i]]} and {i} are both called " +
                    $"{Excerpt.Of(checkedNames[i])}; expected a name of its own for each.", nameof(names));
        }

        return checkedNames;
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
