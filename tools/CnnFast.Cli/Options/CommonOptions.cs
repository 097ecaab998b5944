using System.CommandLine;

namespace CnnFast.Cli;

/// <summary>Options and arguments that several commands share.</summary>
internal static class CommonOptions
{
    public const int MaxThreads = 1024;

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Write the result as one JSON object on standard output, and nothing else there.",
        Recursive = true,
    };

    public static Argument<string> Model() => new("MODEL")
    {
        Description = "A model file (.safetensors) written by 'cnnfast train' or Model.Save.",
    };

    public static Option<int> Threads() => NumberOption.Whole("--threads",
        "Most threads to use; 0 means CNNFAST_NUM_THREADS where it is set, else every processor.", 0, 0, MaxThreads);

    public static Option<ConvAlgorithm> Algorithm()
    {
        string[] names = [.. Enum.GetNames<ConvAlgorithm>().Select(name => name.ToLowerInvariant())];
        var option = new Option<ConvAlgorithm>("--algorithm")
        {
            Description = "How 3x3 convolutions with stride 1 are computed: the fastest for each shape (auto), " +
                "by the definition (direct), by Winograd's F(2x2) or F(4x4).",
            HelpName = string.Join('|', names),
            DefaultValueFactory = _ => ConvAlgorithm.Auto,
            CustomParser = result => Enum.TryParse(result.Tokens[0].Value, ignoreCase: true, out ConvAlgorithm value)
                && Enum.IsDefined(value) && !char.IsAsciiDigit(result.Tokens[0].Value[0])
                ? value
                : Fail(result, $"--algorithm is '{result.Tokens[0].Value}'; expected one of {string.Join(", ", names)}."),
        };
        return option;

        static ConvAlgorithm Fail(System.CommandLine.Parsing.ArgumentResult result, string message)
        {
            result.AddError(message);
            return default;
        }
    }
}
