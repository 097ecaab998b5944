using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Average pooling.</summary>
internal sealed class AveragePool2DReference : ReferenceOf<AveragePool2DOperation>
{
    protected override double[] Forward(AveragePool2DOperation operation, ReferenceNode node) =>
        PoolReference.Average(node, PoolReference.Geometry(node, operation.Window), operation.CountPadding);

    protected override void Backward(AveragePool2DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.AverageBackward(node, PoolReference.Geometry(node, operation.Window), operation.CountPadding, dy);

    protected override long Terms(AveragePool2DOperation operation, Node node) => 2 * operation.Window.H * operation.Window.W;
}
