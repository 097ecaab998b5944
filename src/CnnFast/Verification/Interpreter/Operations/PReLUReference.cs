using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>A slope a channel below 0.</summary>
internal sealed class PReLUReference : ReferenceOf<PReLUOperation>
{
    protected override double[] Forward(PReLUOperation operation, ReferenceNode node)
    {
        double[] x = node.Input(), slope = node.Parameter(0);
        if (node.IsAbsolute)
            return [.. x.Select((value, i) => Math.Max(1, slope[i % slope.Length]) * value)];
        double[] y = node.NewOutput();
        ReferencePReLU.Forward(x, slope, y);
        return y;
    }

    protected override void Backward(PReLUOperation operation, ReferenceNode node, double[] dy)
    {
        double[] x = node.Input(), slope = node.Parameter(0);
        var dx = new double[x.Length];
        var dslope = new double[slope.Length];
        if (!node.IsAbsolute)
            ReferencePReLU.Backward(x, slope, dy, dx, dslope);
        for (int i = 0; node.IsAbsolute && i < x.Length; i++)
        {
            int channel = i % slope.Length;
            dslope[channel] += x[i] * dy[i];
            dx[i] = Math.Max(1, slope[channel]) * dy[i];
        }

        node.AddGradient(0, dx);
        node.AddParameterGradient(0, dslope);
    }
}
