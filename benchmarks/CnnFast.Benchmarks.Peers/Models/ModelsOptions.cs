namespace CnnFast.Benchmarks.Peers;

/// <summary>What the command line of the models benchmark asks for.</summary>
/// <param name="Filter">Parts of model names, separated by commas; empty for all models.</param>
/// <param name="Batch">Samples of a run.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Seconds">Seconds for each engine and model.</param>
/// <param name="Json">A file for the rows, or null.</param>
/// <param name="Check">Whether rows that miss a target make the command fail.</param>
/// <param name="Save">Whether the rows go into the results of this processor.</param>
/// <param name="SteadyOnly">Whether the first second is left out.</param>
internal sealed record ModelsOptions(string Filter, int Batch, int Threads, double Seconds, string? Json, bool Check, bool Save,
    bool SteadyOnly)
{
    /// <summary>Whether a model, or the start of one, is to run.</summary>
    public bool Wants(string model) =>
        Filter.Length == 0 || Filter.Split(',').Any(part => model.Contains(part, StringComparison.OrdinalIgnoreCase));
}
