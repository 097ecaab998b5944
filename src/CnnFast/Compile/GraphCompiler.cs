using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Rewrites a graph for inference or training: one pass after the other, the graph validated after each.</summary>
internal static class GraphCompiler
{
    /// <summary>
    /// The passes in their order: removals first, so that patterns lie bare, then what merges into convolutions from the inside out.
    /// </summary>
    public static IReadOnlyList<IGraphPass> InferencePasses { get; } =
    [
        new RemoveIdentities(),
        new RemoveDeadNodes(),
        new FoldConstants(),
        new RecognizeActivations(),
        new RecognizeGELU(),
        new RecognizeLayerNormalization(),
        new MoveReshapes(),
        new FoldPadding(),
        new FoldAffine(),
        new FuseActivation(),
        new FuseResidual(),
    ];

    /// <summary>The passes before training.</summary>
    public static IReadOnlyList<IGraphPass> TrainingPasses { get; } = [new SplitActivations()];

    /// <summary>Rewrites a graph.</summary>
    /// <param name="graph">The graph, its outputs the values that are wanted.</param>
    /// <param name="passes">The passes; <see cref="InferencePasses"/> for a session, <see cref="TrainingPasses"/> for training.</param>
    public static CompiledGraph Compile(Graph graph, IReadOnlyList<IGraphPass> passes)
    {
        var reports = new List<PassReport>();
        foreach (IGraphPass pass in passes)
        {
            var edit = new GraphEdit(graph);
            pass.Run(edit);
            Graph result = edit.ToGraph();
            reports.Add(new PassReport(pass.Name, edit.Notes, graph.Nodes.Count, result.Nodes.Count));
            if (edit.Notes.Count == 0)
                continue;
            GraphValidator.Require(result, pass.Name);
            graph = result;
        }

        return new CompiledGraph(graph, reports);
    }
}
