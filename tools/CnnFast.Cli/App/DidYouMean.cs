namespace CnnFast.Cli;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class DidYouMean
{
    /// <summary>The nearest word within a third of its letters; null where none is near.</summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        (string Word, int Distance)[] near = [.. known.Select(candidate => (Word: candidate, Distance: Distance(word, candidate)))
            .Where(found => found.Distance <= Math.Max(1, found.Word.TrimStart('-').Length / 3))
            .OrderBy(found => found.Distance).ThenBy(found => found.Word, StringComparer.Ordinal)];
        return near.Length > 0 ? near[0].Word : known.FirstOrDefault(candidate =>
            word.TrimStart('-').Length > 2 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The end of a sentence that lists what is known: a word that is near the mistyped one, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) =>
        Find(word, known) is { } found ? $"; did you mean '{found}'?" : "";

    /// <summary>The same of a sentence that ends here.</summary>
    public static string End(string word, IEnumerable<string> known) =>
        Find(word, known) is { } found ? $" (did you mean '{found}'?)." : ".";

    // Letters put in, left out, changed, or two swapped (optimal string alignment).
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = table[i - 1, j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                table[i, j] = Math.Min(change, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
