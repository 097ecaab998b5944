using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Removes nodes that no output depends on.</summary>
internal sealed class RemoveDeadNodes : IGraphPass
{
    public string Name => "RemoveDeadNodes";

    public void Run(GraphEdit edit)
    {
        foreach (Node node in edit.Nodes.Reverse())
        {
            if (edit.IsOutput(node.Output) || edit.Consumers(node.Output).Count > 0)
                continue;
            edit.Remove(node);
            edit.Note($"{node.Operation.Kind} '{node.Name}' is not needed by any output: removed");
        }
    }
}
