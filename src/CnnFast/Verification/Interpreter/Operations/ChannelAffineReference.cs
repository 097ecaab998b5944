using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>A scale and a shift a channel.</summary>
internal sealed class ChannelAffineReference : ReferenceOf<ChannelAffineOperation>
{
    protected override double[] Forward(ChannelAffineOperation operation, ReferenceNode node)
    {
        double[] scale = node.Parameter(0), shift = node.Parameter(1);
        return [.. node.Input().Select((value, i) => (scale[i % scale.Length] * value) + shift[i % scale.Length])];
    }

    protected override void Backward(ChannelAffineOperation operation, ReferenceNode node, double[] dy)
    {
        double[] x = node.Input(), scale = node.Parameter(0);
        var dscale = new double[scale.Length];
        var dshift = new double[scale.Length];
        var dx = new double[dy.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            int channel = i % scale.Length;
            dx[i] = scale[channel] * dy[i];
            dscale[channel] += x[i] * dy[i];
            dshift[channel] += dy[i];
        }

        node.AddGradient(0, dx);
        node.AddParameterGradient(0, dscale);
        node.AddParameterGradient(1, dshift);
    }
}
