using CnnFast.Graphs;
using CnnFast.Operators;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Convolutions, transposed ones and dense layers, with bias and activation.</summary>
internal sealed class ConvolutionReference<T> : ReferenceOf<T>
    where T : Operation, IConvolution
{
    protected override double[] Forward(T operation, ReferenceNode node)
    {
        Conv2DGeometry g = operation.Geometry(node.Node.Name, node.InputShape());
        double[] y = node.NewOutput();
        if (operation.Direction == ConvolutionDirection.Forward)
            ReferenceConv2D.Forward(g, node.Input(), node.Parameter(0), node.Parameter(1), y);
        else
            ReferenceConv2DTranspose.Forward(g, node.Input(), node.Parameter(0), node.Parameter(1), y);
        if (node.SpreadsTiles && TileSpread.MayBeWinograd(g))
            TileSpread.OverImages(node.OutputImages(), y);
        return NodeFunction.Forward(node, y);
    }

    protected override void Backward(T operation, ReferenceNode node, double[] dy)
    {
        Conv2DGeometry g = operation.Geometry(node.Node.Name, node.InputShape());
        dy = NodeFunction.Backward(node, dy);
        var dx = new double[node.Input().Length];
        var dw = new double[g.Filter.ToShape().ElementCount];
        var db = new double[operation.UseBias ? node.Parameter(1).Length : 0];
        if (operation.Direction == ConvolutionDirection.Forward)
        {
            ReferenceConv2D.BackwardFilter(g, node.Input(), dy, dw);
            if (operation.UseBias)
                ReferenceConv2D.BackwardBias(g, dy, db);
            ReferenceConv2D.BackwardData(g, dy, node.Parameter(0), dx);
        }
        else
        {
            ReferenceConv2DTranspose.BackwardFilter(g, node.Input(), dy, dw);
            if (operation.UseBias)
                ReferenceConv2DTranspose.BackwardBias(g, dy, db);
            ReferenceConv2DTranspose.BackwardData(g, dy, node.Parameter(0), dx);
        }

        if (node.SpreadsTiles && TileSpread.MayBeWinograd(g))
        {
            TileSpread.OverImages(node.InputImages(), dx);
            TileSpread.OverTaps(g, dw);
        }

        node.AddGradient(0, dx);
        node.AddParameterGradient(0, dw);
        if (operation.UseBias)
            node.AddParameterGradient(1, db);
    }

    protected override long Terms(T operation, Node node)
    {
        Conv2DGeometry g = operation.Geometry(node.Name, node.Inputs[0].ShapeFor(1));
        return (long)g.KH * g.KW * (g.GroupC + g.GroupOC);
    }
}
