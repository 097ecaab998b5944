using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Removes nodes that pass their input on unchanged in inference, shape included: Dropout, a Flatten of features.</summary>
internal sealed class RemoveIdentities : IGraphPass
{
    public string Name => "RemoveIdentities";

    public void Run(GraphEdit edit)
    {
        foreach (Node node in edit.Nodes)
        {
            if (node.Operation.IsView(training: false) && node.Output.Shape == node.Inputs[0].Shape && Current(edit, node) is { } current
                && edit.Bypass(current))
                edit.Note($"{node.Operation.Kind} '{node.Name}' does nothing in inference: removed");
        }
    }

    // An earlier removal may have replaced the node by one that reads another value.
    private static Node? Current(GraphEdit edit, Node node) => edit.Producer(node.Output);
}
