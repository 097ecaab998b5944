using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>The means of windows that cover an image.</summary>
internal sealed class AdaptiveAveragePool2DReference : ReferenceOf<AdaptiveAveragePool2DOperation>
{
    protected override double[] Forward(AdaptiveAveragePool2DOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        ReferenceAdaptivePool2D.AverageForward(node.InputShape(), node.OutputShape, node.Input(), y);
        return y;
    }

    protected override void Backward(AdaptiveAveragePool2DOperation operation, ReferenceNode node, double[] dy)
    {
        var dx = new double[node.Input().Length];
        ReferenceAdaptivePool2D.AverageBackward(node.InputShape(), node.OutputShape, dy, dx);
        node.AddGradient(0, dx);
    }

    protected override long Terms(AdaptiveAveragePool2DOperation operation, Node node)
    {
        Pool2DGeometry g = operation.Geometry(node.Inputs[0].ShapeFor(1));
        return ((long)g.KH * g.KW) + ((long)g.OH * g.OW);
    }
}
