using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Verification;

/// <summary>Dropout of channels with the factors of the kernels; without random numbers nothing is dropped.</summary>
internal sealed class SpatialDropoutReference : ReferenceOf<SpatialDropoutOperation>
{
    protected override double[] Forward(SpatialDropoutOperation operation, ReferenceNode node)
    {
        node.Kept = Factors(operation, node);
        return Scaled(node, node.Input());
    }

    protected override void Backward(SpatialDropoutOperation operation, ReferenceNode node, double[] dy) =>
        node.AddGradient(0, Scaled(node, dy));

    private static double[] Scaled(ReferenceNode node, double[] values)
    {
        if (node.Kept.Length == 0)
            return values;
        int channels = node.Kept.Length / node.Batch, sample = values.Length / node.Batch;
        return [.. values.Select((value, i) => value * node.Kept[(i / sample * channels) + (i % channels)])];
    }

    private static double[] Factors(SpatialDropoutOperation operation, ReferenceNode node)
    {
        if (!node.Training || operation.Rate == 0 || node.Key is not { } key)
            return [];
        var factors = new float[node.Batch * node.OutputShape[node.OutputShape.Rank - 1]];
        Array.Fill(factors, 1);
        ElementwiseOperators.Create().Dropout(SerialScheduler.Instance, factors, factors, operation.Rate, key.Seed, key.Counter);
        return [.. factors.Select(value => (double)value)];
    }
}
