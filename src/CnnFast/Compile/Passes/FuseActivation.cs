using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Merges a function of single elements into the convolution or dense layer whose output it alone reads.</summary>
internal sealed class FuseActivation : IGraphPass
{
    public string Name => "FuseActivation";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (listed.Operation.AsEpilogue is not { } epilogue || edit.Producer(listed.Output) is not { } node)
                continue;
            if (edit.OwnProducer(node.Inputs[0]) is not { } producer
                || FusedConvolutionOperation.Of(producer) is not { IsLinear: true } fused)
                continue;
            edit.Merge(producer, node, producer with
            {
                Operation = fused with { Kinds = $"{fused.Kinds}+{node.Operation.Kind}", Epilogue = epilogue },
                Output = node.Output,
            });
            edit.Note($"{node.Operation.Kind} '{node.Name}' runs on the sums of '{producer.Name}'");
        }
    }
}
