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

    public static Option<int> Threads() => NumberOption.Whole("--threads", "Most threads to use; 0 means CNNFAST_NUM_THREADS where it is set, else every processor.", 0, 0, MaxThreads);
}
