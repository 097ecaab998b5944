using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Max pooling of sequences.</summary>
internal sealed class MaxPool1DReference : ReferenceOf<MaxPool1DOperation>
{
    protected override double[] Forward(MaxPool1DOperation operation, ReferenceNode node) =>
        PoolReference.Max(node, operation.Geometry(node.Node.Name, node.InputShape()));

    protected override void Backward(MaxPool1DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.MaxBackward(node, operation.Geometry(node.Node.Name, node.InputShape()), dy);

    protected override long Terms(MaxPool1DOperation operation, Node node) => operation.Window.W;
}
