using System.Numerics;
using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// How many samples pass through a plan at once. Where the activations of a whole batch leave the caches, and the weights are few beside
/// them, the batch goes through in parts whose activations stay: the weights are then read once a part.
/// </summary>
internal static class BatchSplit
{
    // What of the last level of a server's cache one run can count on; found on 32 MB that two cores share. Of no machine: the size of a
    // part decides between direct and Winograd, and with it bits.
    private const long CacheBytes = 13_000_000;

    // A part pays where its activations are so many times the weights that it reads: below, products of matrices bind, which hide both.
    private const long ActivationsPerWeight = 4;

    /// <summary>The most samples at once, at most those of the plan.</summary>
    /// <param name="graph">A compiled graph.</param>
    /// <param name="options">What the plan is made for.</param>
    public static int Choose(Graph graph, PlanOptions options)
    {
        if (options.MaxBatch == 1 || graph.Inputs.Any(input => input.IsWhole))
            return options.MaxBatch;
        long arenaBytes = (long)new InferencePlacement(graph, options with { MaxBatch = 1 }).Memory.Length * sizeof(float);
        if (arenaBytes * options.MaxBatch <= CacheBytes)
            return options.MaxBatch;
        int part = (int)BitOperations.RoundUpToPowerOf2((uint)(CacheBytes / Math.Max(1, arenaBytes)) + 1) / 2;
        part = Math.Clamp(part, 1, options.MaxBatch);
        long weights = graph.Parameters.Sum(parameter => (long)parameter.Shape.ElementCount);
        bool fits = arenaBytes / sizeof(float) * options.MaxBatch < Array.MaxLength / 2;
        return !fits || ActivationsOf(graph) * part >= ActivationsPerWeight * weights ? part : options.MaxBatch;
    }

    // What the steps of one sample read and write.
    private static long ActivationsOf(Graph graph) => graph.Nodes
        .Where(node => !node.Operation.IsView(training: false) && !node.Output.IsWhole)
        .Sum(node => node.Inputs.Where(input => !input.IsWhole).Sum(input => (long)input.SampleLength) + node.Output.SampleLength);
}
