namespace CnnFast.Graphs;

/// <summary>Names one sequence of random numbers: the same key gives the same numbers, forward and backward, on any thread.</summary>
/// <param name="Seed">Of the run, or of the run and a node.</param>
/// <param name="Counter">Of the training step.</param>
internal readonly record struct RandomKey(ulong Seed, ulong Counter)
{
    /// <summary>The key of a node from that of the run.</summary>
    public RandomKey Of(int nodeIndex) => this with { Seed = Seed ^ ((ulong)(nodeIndex + 1) * 0x9E3779B97F4A7C15UL) };
}
