using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Verification;

/// <summary>Dropout with the mask of the kernels; without random numbers (<see cref="ReferenceNode.Key"/>) nothing is dropped.</summary>
internal sealed class DropoutReference : ReferenceOf<DropoutOperation>
{
    protected override double[] Forward(DropoutOperation operation, ReferenceNode node)
    {
        node.Kept = Mask(operation, node);
        return Masked(node, node.Input());
    }

    protected override void Backward(DropoutOperation operation, ReferenceNode node, double[] dy) => node.AddGradient(0, Masked(node, dy));

    private static double[] Masked(ReferenceNode node, double[] values) =>
        node.Kept.Length == 0 ? values : [.. values.Select((value, i) => value * node.Kept[i])];

    private static double[] Mask(DropoutOperation operation, ReferenceNode node)
    {
        if (!node.Training || operation.Rate == 0 || node.Key is not { } key)
            return [];
        var mask = new float[node.OutputShape.ElementCount];
        Array.Fill(mask, 1);
        ElementwiseOperators.Create().Dropout(SerialScheduler.Instance, mask, mask, operation.Rate, key.Seed, key.Counter);
        return [.. mask.Select(value => (double)value)];
    }
}
