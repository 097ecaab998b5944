using System.CommandLine;

namespace CnnFast.Cli;

/// <summary>A command whose help ends with notes and examples.</summary>
/// <param name="name">The word on the command line.</param>
/// <param name="description">What it does, in one sentence.</param>
/// <param name="notes">What else its user should know, one note an element, of any length.</param>
/// <param name="examples">Whole command lines.</param>
internal sealed class ExampleCommand(string name, string description, string[] notes, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Notes { get; } = notes;

    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>What it does in a few words, for the list of commands; null for the start of its description.</summary>
    public string? Brief { get; set; }

    /// <summary>The members of its JSON that are the rows of its CSV, best first; none where the object is one row.</summary>
    public IReadOnlyList<string> Rows { get; set; } = [];
}
