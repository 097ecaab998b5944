using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Merges scales and shifts of channels (BatchNormalization, Rescaling) into the weights of the convolution or dense layer beside them: one
/// that follows it always, one that stands before it where no padding would have to hold the shift and no pixel sees only some of the taps
/// (as in a transposed convolution). Costs one rounding of each weight, so outputs differ from the separate nodes by rounding. Numbers so
/// large that a folded weight might not be finite stay where they are.
/// </summary>
internal sealed class FoldAffine : IGraphPass
{
    public string Name => "FoldAffine";

    public void Run(GraphEdit edit)
    {
        foreach (Node node in edit.Nodes)
        {
            if (node.Operation is IChannelAffine affine)
                MergeIntoProducer(edit, edit.Producer(node.Output)!, affine);
        }

        foreach (Node node in edit.Nodes)
            MergeProducers(edit, node);
    }

    private static void MergeIntoProducer(GraphEdit edit, Node node, IChannelAffine affine)
    {
        if (edit.OwnProducer(node.Inputs[0]) is not { } producer
            || FusedConvolutionOperation.Of(producer) is not { IsLinear: true, HasResidual: false } fused)
            return;
        FusedConvolutionOperation operation = fused with
        {
            Kinds = $"{fused.Kinds}+{node.Operation.Kind}",
            After = [.. fused.After, new AffineStage(affine, producer.Parameters.Count)],
        };
        Node merged =
            producer with { Operation = operation, Output = node.Output, Parameters = [.. producer.Parameters, .. node.Parameters] };
        if (!operation.HasFiniteWeights(merged.Parameters))
            return;
        edit.Merge(producer, node, merged);
        edit.Note($"{node.Operation.Kind} '{node.Name}' is folded into the weights of '{producer.Name}'");
    }

    private static void MergeProducers(GraphEdit edit, Node node)
    {
        while (FusedConvolutionOperation.Of(node) is { HasResidual: false } fused
            && edit.OwnProducer(node.Inputs[0]) is { Operation: IChannelAffine affine } producer
            && producer.Inputs[0].Shape == producer.Output.Shape
            && (!fused.HasBorder || !Shifts(affine, producer)))
        {
            FusedConvolutionOperation operation = fused with
            {
                Kinds = $"{producer.Operation.Kind}+{fused.Kinds}",
                Before = [new AffineStage(affine, node.Parameters.Count), .. fused.Before],
            };
            Node merged = node with
            {
                Operation = operation,
                Inputs = [producer.Inputs[0]],
                Parameters = [.. node.Parameters, .. producer.Parameters],
            };
            if (!operation.HasFiniteWeights(merged.Parameters))
                return;
            edit.Merge(producer, node, merged);
            edit.Note($"{producer.Operation.Kind} '{producer.Name}' is folded into the weights of '{node.Name}'");
            node = merged;
        }
    }

    // Parameters may change after the plan is made; only an operation without any has shifts that stay.
    private static bool Shifts(IChannelAffine affine, Node node)
    {
        int channels = node.Output.Shape[node.Output.Shape.Rank - 1];
        var shift = new double[channels];
        if (node.Parameters.Count > 0)
            return true;
        affine.ScaleAndShift(new ParameterValues([]), new double[channels], shift);
        return Array.Exists(shift, value => value != 0);
    }
}
