using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>The mean of every channel.</summary>
internal sealed class GlobalAveragePool2DReference : ReferenceOf<GlobalAveragePool2DOperation>
{
    protected override double[] Forward(GlobalAveragePool2DOperation operation, ReferenceNode node) =>
        PoolReference.Average(node, PoolReference.Global(node), countPadding: false);

    protected override void Backward(GlobalAveragePool2DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.AverageBackward(node, PoolReference.Global(node), countPadding: false, dy);

    protected override long Terms(GlobalAveragePool2DOperation operation, Node node) => PoolReference.Pixels(node);
}
