using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Merges numbers that stand next to each other: Rescaling after Rescaling becomes one, and one that changes nothing disappears.
/// </summary>
internal sealed class FoldConstants : IGraphPass
{
    public string Name => "FoldConstants";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (edit.Producer(listed.Output) is not { Operation: RescalingOperation second } node)
                continue;
            if (edit.OwnProducer(node.Inputs[0]) is { Operation: RescalingOperation first } producer && Merge(first, second) is { } merged)
            {
                edit.Merge(producer, node, node with { Operation = merged, Inputs = producer.Inputs });
                edit.Note($"Rescaling '{producer.Name}' and '{node.Name}' are one");
                node = edit.Producer(node.Output)!;
            }

            if (node.Operation is RescalingOperation { Scale: 1, Offset: 0 } && edit.Bypass(node))
                edit.Note($"Rescaling '{node.Name}' changes nothing: removed");
        }
    }

    // Null where the numbers leave what a float can hold.
    private static RescalingOperation? Merge(RescalingOperation first, RescalingOperation second)
    {
        var scale = (float)((double)first.Scale * second.Scale);
        var offset = (float)(((double)first.Offset * second.Scale) + second.Offset);
        return float.IsNormal(scale) && float.IsFinite(offset) ? new RescalingOperation(scale, offset) : null;
    }
}
