using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Merges an Add of two values into the convolution that computes one of them and that nothing else reads (the later one, where both would
/// do), with the function of single elements that alone reads the sum.
/// </summary>
internal sealed class FuseResidual : IGraphPass
{
    public string Name => "FuseResidual";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (listed.Operation is not AddOperation || edit.Producer(listed.Output) is not { Inputs.Count: 2 } add)
                continue;
            Node? convolution = add.Inputs.Select(edit.OwnProducer).Where(Serves).MaxBy(node => edit.OrderOf(node!));
            if (convolution is null)
                continue;
            ValueInfo residual = add.Inputs[0].Id == convolution.Output.Id ? add.Inputs[1] : add.Inputs[0];
            FusedConvolutionOperation fused = FusedConvolutionOperation.Of(convolution)!;
            Node merged = convolution with
            {
                Operation = fused with { Kinds = $"{fused.Kinds}+Add", HasResidual = true },
                Inputs = [convolution.Inputs[0], residual],
                Output = add.Output,
            };
            edit.Merge(convolution, add, merged);
            edit.Note($"Add '{add.Name}' is the residual of '{convolution.Name}'");
        }

        new FuseActivation().Run(edit);
    }

    private static bool Serves(Node? node) =>
        node is not null && FusedConvolutionOperation.Of(node) is { IsLinear: true, HasResidual: false };
}
