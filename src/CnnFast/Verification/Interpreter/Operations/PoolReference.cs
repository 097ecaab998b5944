using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>What poolings have in common.</summary>
internal static class PoolReference
{
    public static Pool2DGeometry Geometry(ReferenceNode node, Window2D window) => Pool2DGeometry.Create(node.InputImages(), window.H,
        window.W, window.StrideH, window.StrideW, window.Padding, window.DilationH, window.DilationW);

    public static Pool2DGeometry Global(ReferenceNode node) => Pool2DGeometry.Global(node.InputImages());

    public static double[] Max(ReferenceNode node, Pool2DGeometry g)
    {
        double[] y = node.NewOutput();
        ReferencePool2D.MaxForward(g, node.Input(), y);
        return y;
    }

    /// <summary>In an absolute run gradients go to the maxima of the exact one.</summary>
    public static void MaxBackward(ReferenceNode node, Pool2DGeometry g, double[] dy)
    {
        var dx = new double[node.Input().Length];
        ReferencePool2D.MaxBackward(g, (node.Exact ?? node).Input(), dy, dx);
        node.AddGradient(0, dx);
    }

    public static double[] Average(ReferenceNode node, Pool2DGeometry g, bool countPadding)
    {
        double[] y = node.NewOutput();
        ReferencePool2D.AverageForward(g, node.Input(), y, countPadding);
        return y;
    }

    public static void AverageBackward(ReferenceNode node, Pool2DGeometry g, bool countPadding, double[] dy)
    {
        var dx = new double[node.Input().Length];
        ReferencePool2D.AverageBackward(g, dy, dx, countPadding);
        node.AddGradient(0, dx);
    }

    public static long Pixels(Node node) => node.Inputs[0].SampleLength / node.Inputs[0].Shape[node.Inputs[0].Shape.Rank - 1];
}
