using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Compile;

/// <summary>
/// How much memory packed weights may take under Auto. Winograd's filters are 16/9 or 4 times as large as plain ones: where those of a
/// large model would exceed the limit, the convolutions that gain the least time for their bytes take a smaller form. These are deep layers
/// with few pixels, so that the memory costs little time.
/// </summary>
internal static class WeightBudget
{
    // Floats that the packed weights of any model may take, and of a larger one how many a weight.
    private const long Free = 32 * 1024 * 1024;
    private const double MaxPerWeight = 1.6;

    private static readonly (ConvAlgorithm Algorithm, int Points)[] s_forms = [(ConvAlgorithm.Direct, 9), (ConvAlgorithm.Winograd2, 16),
        (ConvAlgorithm.Winograd4, 36)];

    /// <summary>The nodes that take another algorithm than Auto's choice; none where the weights keep to the limit.</summary>
    /// <param name="graph">The compiled graph.</param>
    /// <param name="steps">The steps that Auto gives.</param>
    /// <param name="batch">The most samples of a run.</param>
    public static Dictionary<int, ConvAlgorithm> Choose(Graph graph, IReadOnlyList<PlanStep> steps, int batch)
    {
        var chosen = new Dictionary<int, ConvAlgorithm>();
        double weights = graph.Parameters.Sum(parameter => (double)parameter.Shape.ElementCount);
        double excess = steps.Sum(step => (double)step.ConstantLength) - Math.Max(Free, MaxPerWeight * weights);
        if (excess <= 0)
            return chosen;
        var moves = new PriorityQueue<Move, double>();
        foreach (PlanStep step in steps)
        {
            if (step.NodeIndex < 0 || FusedConvolutionOperation.Of(graph.Nodes[step.NodeIndex]) is not { } fused
                || !WinogradMap.Serves(fused.Geometry))
                continue;
            var map = WinogradMap.Of(new ConvolutionPass(fused.Geometry, fused.Direction));
            if (WinogradRule.Choose(map, batch, ConvAlgorithm.Auto) is { } algorithm)
                Add(moves, step.NodeIndex, map, batch, algorithm);
        }

        while (excess > 0 && moves.TryDequeue(out Move? move, out _))
        {
            chosen[move.Node] = move.To;
            excess -= move.Floats;
            Add(moves, move.Node, move.Map, batch, move.To);
        }

        return chosen;
    }

    // The smaller form that costs the least time for the memory that it saves.
    private static void Add(PriorityQueue<Move, double> moves, int node, WinogradMap map, int batch, ConvAlgorithm from)
    {
        int points = s_forms.Single(form => form.Algorithm == from).Points;
        Move[] smaller =
        [
            .. s_forms.Where(form => form.Points < points).Select(form => new Move(
                node,
                map,
                form.Algorithm,
                (points - form.Points) * (double)map.SourceChannels * map.Channels,
                WinogradRule.Cycles(map, batch, form.Algorithm) - WinogradRule.Cycles(map, batch, from))),
        ];
        if (smaller.MinBy(move => move.CyclesPerFloat) is { } best)
            moves.Enqueue(best, best.CyclesPerFloat);
    }

    private sealed record Move(int Node, WinogradMap Map, ConvAlgorithm To, double Floats, double Cycles)
    {
        public double CyclesPerFloat => Cycles / Floats;
    }
}
