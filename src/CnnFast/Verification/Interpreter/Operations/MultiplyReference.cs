using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Products of values of one shape, or of images with factors that are the same for all pixels.</summary>
internal sealed class MultiplyReference : ReferenceOf<MultiplyOperation>
{
    protected override double[] Forward(MultiplyOperation operation, ReferenceNode node)
    {
        double[] y = [.. node.Input()];
        for (int i = 1; i < node.Node.Inputs.Count; i++)
            ReferenceMultiply.Forward(Pixels(node.Node, i), node.Node.Inputs[i].SampleLength, [.. y], node.Input(i), y);
        return y;
    }

    protected override void Backward(MultiplyOperation operation, ReferenceNode node, double[] dy)
    {
        for (int i = 0; i < node.Node.Inputs.Count; i++)
        {
            double[] product = [.. dy];
            for (int j = 0; j < node.Node.Inputs.Count; j++)
            {
                if (i != j)
                    product = Times(node, product, i, j);
            }

            node.AddGradient(i, product);
        }
    }

    protected override long Terms(MultiplyOperation operation, Node node) => node.Inputs.Count + Pixels(node, 1);

    // The gradient of input i times input j; factors get the sum over pixels.
    private static double[] Times(ReferenceNode node, double[] product, int i, int j)
    {
        if (Pixels(node.Node, i) == 1)
        {
            ReferenceMultiply.Forward(Pixels(node.Node, j), node.Node.Inputs[j].SampleLength, [.. product], node.Input(j), product);
            return product;
        }

        var sums = new double[node.Input(i).Length];
        ReferenceMultiply.BackwardFactors(Pixels(node.Node, i), node.Node.Inputs[i].SampleLength, node.Input(j), product, sums);
        return sums;
    }

    private static int Pixels(Node node, int input) => node.Output.SampleLength / node.Inputs[input].SampleLength;
}
