using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>The maximum of every channel.</summary>
internal sealed class GlobalMaxPool2DReference : ReferenceOf<GlobalMaxPool2DOperation>
{
    protected override double[] Forward(GlobalMaxPool2DOperation operation, ReferenceNode node) =>
        PoolReference.Max(node, PoolReference.Global(node));

    protected override void Backward(GlobalMaxPool2DOperation operation, ReferenceNode node, double[] dy) =>
        PoolReference.MaxBackward(node, PoolReference.Global(node), dy);

    protected override long Terms(GlobalMaxPool2DOperation operation, Node node) => PoolReference.Pixels(node);
}
