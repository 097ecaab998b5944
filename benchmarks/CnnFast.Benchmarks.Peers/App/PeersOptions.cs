namespace CnnFast.Benchmarks.Peers;

/// <summary>What the command line asks for.</summary>
/// <param name="Filter">Parts of shape names, separated by commas; empty for all shapes.</param>
/// <param name="Pass">The only pass to run, or null for all.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Isa">The tier that the libraries are limited to, or null.</param>
/// <param name="Seconds">Seconds for each engine and row.</param>
/// <param name="Json">A file for the rows, or null.</param>
/// <param name="Check">Whether rows under their target make the command fail.</param>
/// <param name="Save">Whether the rows go into the results of this processor.</param>
internal sealed record PeersOptions(string Filter, ConvolutionPass? Pass, int Threads, IsaLevel? Isa, double Seconds, string? Json,
    bool Check, bool Save)
{
    /// <summary>Whether a shape is to run.</summary>
    public bool Wants(string shape) =>
        Filter.Length == 0 || Filter.Split(',').Any(part => shape.Contains(part, StringComparison.OrdinalIgnoreCase));
}
