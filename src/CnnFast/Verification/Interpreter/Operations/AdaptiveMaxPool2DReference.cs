using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>The maxima of windows that cover an image; in an absolute run gradients go to those of the exact one.</summary>
internal sealed class AdaptiveMaxPool2DReference : ReferenceOf<AdaptiveMaxPool2DOperation>
{
    protected override double[] Forward(AdaptiveMaxPool2DOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        ReferenceAdaptivePool2D.MaxForward(node.InputShape(), node.OutputShape, node.Input(), y);
        return y;
    }

    protected override void Backward(AdaptiveMaxPool2DOperation operation, ReferenceNode node, double[] dy)
    {
        var dx = new double[node.Input().Length];
        ReferenceAdaptivePool2D.MaxBackward(node.InputShape(), node.OutputShape, (node.Exact ?? node).Input(), dy, dx);
        node.AddGradient(0, dx);
    }

    // A pixel of the input may be the maximum of several windows.
    protected override long Terms(AdaptiveMaxPool2DOperation operation, Node node) => (long)operation.Height * operation.Width;
}
