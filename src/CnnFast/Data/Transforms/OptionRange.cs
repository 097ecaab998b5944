namespace CnnFast.Data;

/// <summary>Checks of the options of transforms.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">The condition does not hold.</exception>
    public static void Require(bool holds, string who, string option, float value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, FormattableString.Invariant($"{who}: {option} is {value}; expected {expected}."));
    }

    /// <exception cref="ArgumentOutOfRangeException">It is no probability.</exception>
    public static void RequireProbability(string who, float value) =>
        Require(value is >= 0 and <= 1, who, "Probability", value, "0 to 1");

    /// <exception cref="ShapeException">There are not three channels.</exception>
    public static void RequireColors(string who, Shape image)
    {
        if (image[2] != 3)
            throw new ShapeException($"{who}: images of {image} have {image[2]} channels; expected 3, red, green and blue.");
    }
}
