namespace CnnFast.Images;

/// <summary>What the pixels of masks say: which class every pixel of a picture is of.</summary>
/// <param name="Classes">The number of classes, from 1 to 255.</param>
/// <example>
/// <code>
/// var index = new MaskOptions(21) { Levels = MaskOptions.Indices(21, ignored: 255) };  // a palette or grey level is the class
/// var ink = new MaskOptions(2) { Levels = new Dictionary&lt;int, int&gt; { [0] = 0, [255] = 1 } };
/// var map = new MaskOptions(2) { Colors = new Dictionary&lt;int, int&gt; { [0x000000] = 0, [0xFF0000] = 1 } };
/// </code>
/// </example>
public sealed record MaskOptions(int Classes)
{
    /// <summary>The class of pixels that are of none: <see cref="Levels"/> and <see cref="Colors"/> may say it.</summary>
    public const int Ignored = -1;

    /// <summary>
    /// The class that each palette index (of PNG files with a palette) or grey level stands for. Null, the default, takes the index or
    /// level as the class.
    /// </summary>
    public IReadOnlyDictionary<int, int>? Levels { get; init; }

    /// <summary>The class that each colour, <c>0xRRGGBB</c>, stands for; null, the default, where masks have no colours.</summary>
    public IReadOnlyDictionary<int, int>? Colors { get; init; }

    /// <summary>What the classes are called, or null where nobody says.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The label of pixels whose class is <see cref="Ignored"/>: the one that the loss leaves out. −1 by default.</summary>
    public int IgnoredLabel { get; init; } = Ignored;

    /// <summary>Levels that are the classes themselves, and one more of pixels that are of none.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="ignored">The level of pixels that are of no class, such as 255.</param>
    /// <returns>The levels.</returns>
    public static IReadOnlyDictionary<int, int> Indices(int classes, int ignored)
    {
        var levels = Enumerable.Range(0, classes).ToDictionary(level => level);
        levels[ignored] = Ignored;
        return levels;
    }

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal void Validate(string who)
    {
        if (Classes is < 1 or > 255)
            throw new ArgumentException($"{who}: the masks have {Classes} classes; expected 1 to 255.");
        if (Levels is not null && Colors is not null)
            throw new ArgumentException($"{who}: Levels and Colors are given; expected one of them.");
        foreach ((int value, int label) in Levels ?? Colors ?? new Dictionary<int, int>())
        {
            if (label != Ignored && (uint)label >= (uint)Classes)
                throw new ArgumentException($"{who}: the mask's value {value} stands for class {label}; " +
                    $"expected 0 to {Classes - 1}, or {Ignored} for none.");
        }

        if (ClassNames is not null)
            Data.ClassNameCheck.RequireDistinct(who, ClassNames, Classes);
    }

    /// <summary>All that the bytes of a mask depend on, in words.</summary>
    internal string Describe()
    {
        string kind = Levels is not null ? "levels" : Colors is not null ? "colors" : "indices";
        return $"{kind} {Classes} " + string.Join(' ', (Levels ?? Colors ?? new Dictionary<int, int>())
            .OrderBy(entry => entry.Key)
            .Select(entry => $"{entry.Key}:{entry.Value}"));
    }
}
