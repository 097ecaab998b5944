using System.CommandLine;
using System.Globalization;
using CnnFast.Data;

namespace CnnFast.Cli;

/// <summary>How the bytes of images become the numbers of an ONNX model.</summary>
internal static class NormalizationOption
{
    /// <summary>The mean.</summary>
    public static Option<string?> Mean() => new("--mean")
    {
        Description = "The mean of the images that an ONNX model was trained on, from 0 to 1, one number or one a channel [default: 0].",
        HelpName = "R,G,B",
    };

    /// <summary>The deviation.</summary>
    public static Option<string?> Std() => new("--std")
    {
        Description = "Their standard deviation on the same scale [default: 1].",
        HelpName = "R,G,B",
    };

    /// <summary>The normalisation; null where neither is given.</summary>
    /// <exception cref="InputException">A text is no list of numbers, or they do not fit together.</exception>
    public static Normalization? Read(string? mean, string? std)
    {
        if (mean is null && std is null)
            return null;
        double[] means = Numbers("--mean", mean ?? "0"), stds = Numbers("--std", std ?? "1");
        if (mean is null)
            means = [.. stds.Select(_ => 0.0)];
        if (std is null)
            stds = [.. means.Select(_ => 1.0)];
        if (means.Length != stds.Length)
            throw new InputException($"--mean holds {means.Length} numbers and --std {stds.Length}; expected as many.");
        return stds.All(value => value > 0)
            ? Normalization.FromMeanStd(means, stds)
            : throw new InputException($"--std is '{std}'; expected numbers above 0.");
    }

    private static double[] Numbers(string option, string text)
    {
        string[] parts = text.Split(',');
        var numbers = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            bool isNumber = double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
            if (!isNumber || !double.IsFinite(numbers[i]))
            {
                throw new InputException(
                    $"{option} is '{text}'; expected numbers with commas between them, such as 0.485,0.456,0.406.");
            }
        }

        return numbers;
    }
}
