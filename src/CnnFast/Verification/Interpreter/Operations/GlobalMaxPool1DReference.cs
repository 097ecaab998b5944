using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>The maximum of whole sequences.</summary>
internal sealed class GlobalMaxPool1DReference : ReferenceOf<GlobalMaxPool1DOperation>
{
    protected override double[] Forward(GlobalMaxPool1DOperation operation, ReferenceNode node) =>
        PoolReference.Max(node, operation.Geometry(node.Node.Name, node.InputShape()));

    protected override void Backward(GlobalMaxPool1DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.MaxBackward(node, operation.Geometry(node.Node.Name, node.InputShape()), dy);

    protected override long Terms(GlobalMaxPool1DOperation operation, Node node) => PoolReference.Pixels(node);
}
