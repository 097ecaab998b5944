using System.CommandLine;

namespace CnnFast.Cli;

/// <summary>Options and arguments that several commands share.</summary>
internal static class CommonOptions
{
    public const int MaxThreads = 1024;

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "The short form of --format json.",
        Recursive = true,
        Arity = ArgumentArity.Zero,
        DefaultValueFactory = result => result.GetResult(Format!)?.Tokens is [{ Value: var format }]
            && (format.Equals("json", StringComparison.OrdinalIgnoreCase) || format.Equals("csv", StringComparison.OrdinalIgnoreCase)),
    };

    public static Option<OutputFormat> Format { get; } = CreateFormat();

    public static Option<bool> Quiet { get; } = new("--quiet")
    {
        Description = "No progress and no notes.",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Say what was chosen, and how long it took.",
        Recursive = true,
    };

    public static Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "No colours on a terminal, as NO_COLOR=1.",
        Recursive = true,
    };

    public static Argument<string> Model() => new("MODEL")
    {
        Description = "A model file (.safetensors) written by 'cnnfast train' or Model.Save.",
    };

    public static Option<int> Threads() => NumberOption.Whole("--threads",
        "Most threads to use; 0 means CNNFAST_NUM_THREADS where it is set, else every processor.", 0, 0, MaxThreads);

    private static Option<OutputFormat> CreateFormat()
    {
        string[] names = [.. Enum.GetNames<OutputFormat>().Select(name => name.ToLowerInvariant())];
        var option = new Option<OutputFormat>("--format")
        {
            Description = "How the result is written.",
            HelpName = string.Join('|', names),
            Recursive = true,
            DefaultValueFactory = _ => OutputFormat.Table,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                int index = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (index < 0)
                    result.AddError($"--format is '{text}'; expected one of {string.Join(", ", names)}{DidYouMean.Hint(text, names)}");
                return index < 0 ? default : Enum.GetValues<OutputFormat>()[index];
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(names);
        return option;
    }

    public static Option<ConvAlgorithm> Algorithm() => Choice("--algorithm",
        "How 3x3 convolutions with stride 1 are computed: the fastest for each shape (auto), " +
            "by the definition (direct), by Winograd's F(2x2) or F(4x4).", ConvAlgorithm.Auto);

    public static Option<WeightPrecision> Precision() => Choice("--weights",
        "How exact packed weights of dense layers are: as in the model (full), or 16 bits (bfloat16), which take half the memory.",
        WeightPrecision.Full);

    private static Option<T> Choice<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(value => value.ToLowerInvariant())];
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            DefaultValueFactory = _ => standard,
            CustomParser = result => Enum.TryParse(result.Tokens[0].Value, ignoreCase: true, out T value)
                && Enum.IsDefined(value) && !char.IsAsciiDigit(result.Tokens[0].Value[0])
                ? value
                : Fail(result, $"{name} is '{result.Tokens[0].Value}'; expected one of {string.Join(", ", names)}"
                    + DidYouMean.Hint(result.Tokens[0].Value, names)),
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(names);
        return option;

        static T Fail(System.CommandLine.Parsing.ArgumentResult result, string message)
        {
            result.AddError(message);
            return default;
        }
    }
}
