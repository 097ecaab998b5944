using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Max pooling.</summary>
internal sealed class MaxPool2DReference : ReferenceOf<MaxPool2DOperation>
{
    protected override double[] Forward(MaxPool2DOperation operation, ReferenceNode node) =>
        PoolReference.Max(node, PoolReference.Geometry(node, operation.Window));

    protected override void Backward(MaxPool2DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.MaxBackward(node, PoolReference.Geometry(node, operation.Window), dy);

    protected override long Terms(MaxPool2DOperation operation, Node node) => operation.Window.H * operation.Window.W;
}
