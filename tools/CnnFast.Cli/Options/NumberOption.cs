using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CnnFast.Cli;

/// <summary>Options that take a number within limits, written the same way in every culture.</summary>
internal static class NumberOption
{
    /// <summary>A whole number with a default value.</summary>
    public static Option<int> Whole(string name, string description, int defaultValue, int min, int max) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result => ParseWhole(result, name, min, max),
    };

    /// <summary>A whole number; null where the command chooses.</summary>
    public static Option<int?> OptionalWhole(string name, string description, int min, int max) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ParseWhole(result, name, min, max),
    };

    /// <summary>A number; null where the command chooses.</summary>
    public static Option<double?> OptionalReal(string name, string description, double above, double max) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => ParseReal(result, name, above, max),
    };

    /// <summary>A part, from 0 to a most; null where the command chooses.</summary>
    public static Option<double?> OptionalPart(string name, string description, double max) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => ParsePart(result, name, max),
    };

    /// <summary>A number with a default value.</summary>
    public static Option<double> Real(string name, string description, double defaultValue, double above, double max) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result => ParseReal(result, name, above, max),
    };

    private static int ParseWhole(ArgumentResult result, string name, int min, int max)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max)
            return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; expected a whole number from {min} to {max}"));
        return min;
    }

    private static double ParsePart(ArgumentResult result, string name, double max)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && value <= max)
            return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; expected a number from 0 to {max}"));
        return max;
    }

    private static double ParseReal(ArgumentResult result, string name, double above, double max)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > above && value <= max)
            return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; expected a number above {above}, at most {max}"));
        return max;
    }
}
