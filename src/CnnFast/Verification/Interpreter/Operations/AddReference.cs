using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Sums of values of one shape.</summary>
internal sealed class AddReference : ReferenceOf<AddOperation>
{
    protected override double[] Forward(AddOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        for (int input = 0; input < node.Node.Inputs.Count; input++)
        {
            double[] x = node.Input(input);
            for (int i = 0; i < y.Length; i++)
                y[i] += x[i];
        }

        return y;
    }

    protected override void Backward(AddOperation operation, ReferenceNode node, double[] dy)
    {
        for (int input = 0; input < node.Node.Inputs.Count; input++)
            node.AddGradient(input, dy);
    }
}
