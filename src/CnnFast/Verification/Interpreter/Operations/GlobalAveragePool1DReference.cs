using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>The mean of whole sequences.</summary>
internal sealed class GlobalAveragePool1DReference : ReferenceOf<GlobalAveragePool1DOperation>
{
    protected override double[] Forward(GlobalAveragePool1DOperation operation, ReferenceNode node) =>
        PoolReference.Average(node, operation.Geometry(node.Node.Name, node.InputShape()), countPadding: false);

    protected override void Backward(GlobalAveragePool1DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.AverageBackward(node, operation.Geometry(node.Node.Name, node.InputShape()), countPadding: false, dy);

    protected override long Terms(GlobalAveragePool1DOperation operation, Node node) => PoolReference.Pixels(node);
}
