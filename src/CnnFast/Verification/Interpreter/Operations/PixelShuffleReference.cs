using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Channels that become pixels.</summary>
internal sealed class PixelShuffleReference : ReferenceOf<PixelShuffleOperation>
{
    protected override double[] Forward(PixelShuffleOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        ReferencePixelShuffle.Forward(node.InputShape(), operation.Factor, node.Input(), y);
        return y;
    }

    protected override void Backward(PixelShuffleOperation operation, ReferenceNode node, double[] dy)
    {
        var dx = new double[dy.Length];
        ReferencePixelShuffle.Backward(node.InputShape(), operation.Factor, dy, dx);
        node.AddGradient(0, dx);
    }
}
