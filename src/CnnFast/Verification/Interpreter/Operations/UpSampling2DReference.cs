using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Images enlarged by whole factors.</summary>
internal sealed class UpSampling2DReference : ReferenceOf<UpSampling2DOperation>
{
    protected override double[] Forward(UpSampling2DOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        if (operation.Interpolation == Interpolation.Nearest)
        {
            ReferenceResize.Nearest(node.InputImages(), node.OutputImages(), i => i / operation.FactorH, j => j / operation.FactorW,
                node.Input(), y);
        }
        else
        {
            ReferenceResize.Bilinear(node.InputImages(), node.OutputImages(), Centre(operation.FactorH), Centre(operation.FactorW),
                node.Input(), y);
        }

        return y;
    }

    protected override void Backward(UpSampling2DOperation operation, ReferenceNode node, double[] dy)
    {
        var dx = new double[node.Input().Length];
        if (operation.Interpolation == Interpolation.Nearest)
        {
            ReferenceResize.NearestBackward(node.InputImages(), node.OutputImages(), i => i / operation.FactorH,
                j => j / operation.FactorW, dy, dx);
        }
        else
        {
            ReferenceResize.BilinearBackward(node.InputImages(), node.OutputImages(), Centre(operation.FactorH),
                Centre(operation.FactorW), dy, dx);
        }

        node.AddGradient(0, dx);
    }

    protected override long Terms(UpSampling2DOperation operation, Node node) => 4 + (4 * operation.FactorH * operation.FactorW);

    private static Func<int, double> Centre(int factor) => i => ((i + 0.5) / factor) - 0.5;
}
