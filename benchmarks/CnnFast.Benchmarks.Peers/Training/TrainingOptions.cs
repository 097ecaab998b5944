namespace CnnFast.Benchmarks.Peers;

/// <summary>What the command line of the benchmark of training asks for.</summary>
/// <param name="Filter">Parts of model names, separated by commas; empty for all models.</param>
/// <param name="Batch">Samples of a step, or null for those of each model.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Seconds">Seconds for each engine and model.</param>
/// <param name="Json">A file for the rows, or null.</param>
/// <param name="Save">Whether the rows go into the results of this processor.</param>
internal sealed record TrainingOptions(string Filter, int? Batch, int Threads, double Seconds, string? Json, bool Save)
{
    /// <summary>Whether a model is to run.</summary>
    public bool Wants(string model) =>
        Filter.Length == 0 || Filter.Split(',').Any(part => model.Contains(part, StringComparison.OrdinalIgnoreCase));
}
