namespace CnnFast.Graphs;

/// <summary>Names one sequence of random numbers: the same key gives the same numbers, forward and backward, on any thread.</summary>
/// <param name="Seed">Of the run and the node.</param>
/// <param name="Counter">Of the training step.</param>
internal readonly record struct RandomKey(ulong Seed, ulong Counter);
