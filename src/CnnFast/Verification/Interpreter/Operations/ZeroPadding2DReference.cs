using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Zeros around images.</summary>
internal sealed class ZeroPadding2DReference : ReferenceOf<ZeroPadding2DOperation>
{
    protected override double[] Forward(ZeroPadding2DOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        ReferenceZeroPadding2D.Forward(node.InputImages(), Sides(operation), node.Input(), y);
        return y;
    }

    protected override void Backward(ZeroPadding2DOperation operation, ReferenceNode node, double[] dy)
    {
        var dx = new double[node.Input().Length];
        ReferenceZeroPadding2D.Backward(node.InputImages(), Sides(operation), dy, dx);
        node.AddGradient(0, dx);
    }

    private static Padding Sides(ZeroPadding2DOperation padding) =>
        Padding.Explicit(padding.Top, padding.Left, padding.Bottom, padding.Right);
}
