namespace CnnFast.Graphs;

/// <summary>What a layer may be called.</summary>
internal static class LayerName
{
    private const int MaxLength = 200;

    /// <summary>Throws unless a name can stand in files, tables and error messages.</summary>
    /// <exception cref="ArgumentException">The name is empty, too long or holds characters other than letters, digits
    /// and <c>_ - . / :</c>.</exception>
    public static void Check(string kind, string name)
    {
        if (name.Length is 0 or > MaxLength)
            throw new ArgumentException($"{kind}: a name of {name.Length} characters was given; expected 1 to {MaxLength}.");
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '-' or '.' or '/' or ':'))
                throw new ArgumentException($"{kind}: the name '{Printable(name)}' holds a character that is not allowed; " +
                    "expected letters, digits and _ - . / : only.");
        }
    }

    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
