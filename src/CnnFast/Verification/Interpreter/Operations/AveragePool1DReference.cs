using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Average pooling of sequences.</summary>
internal sealed class AveragePool1DReference : ReferenceOf<AveragePool1DOperation>
{
    protected override double[] Forward(AveragePool1DOperation operation, ReferenceNode node) =>
        PoolReference.Average(node, operation.Geometry(node.Node.Name, node.InputShape()), operation.CountPadding);

    protected override void Backward(AveragePool1DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.AverageBackward(node, operation.Geometry(node.Node.Name, node.InputShape()), operation.CountPadding, dy);

    protected override long Terms(AveragePool1DOperation operation, Node node) => 2 * operation.Window.W;
}
