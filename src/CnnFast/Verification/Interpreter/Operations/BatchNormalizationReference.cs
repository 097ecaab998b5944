using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Batch normalisation, with the statistics of the batch or the moving ones.</summary>
internal sealed class BatchNormalizationReference : ReferenceOf<BatchNormalizationOperation>
{
    protected override double[] Forward(BatchNormalizationOperation operation, ReferenceNode node) =>
        new NormalizedChannels(operation, node).Forward();

    protected override void Backward(BatchNormalizationOperation operation, ReferenceNode node, double[] dy) =>
        new NormalizedChannels(operation, node).Backward(dy);

    protected override long Terms(BatchNormalizationOperation operation, Node node) => 8;
}
