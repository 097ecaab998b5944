using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Normalisation of groups of channels of a sample, or of its last dimensions.</summary>
internal sealed class SampleNormalizationReference : ReferenceOf<SampleNormalizationOperation>
{
    protected override double[] Forward(SampleNormalizationOperation operation, ReferenceNode node)
    {
        double[] gamma = Gamma(operation, node), beta = Beta(operation, node);
        if (node.IsAbsolute)
            return Magnitudes(operation, node).Output(node.Input(), gamma, beta);
        double[] y = node.NewOutput();
        ReferenceGroupNormalization.Forward(Groups(operation, node), node.Input(), gamma, beta, operation.Epsilon, y);
        return y;
    }

    protected override void Backward(SampleNormalizationOperation operation, ReferenceNode node, double[] dy)
    {
        double[] x = node.Input(), gamma = Gamma(operation, node);
        Shape groups = Groups(operation, node);
        double[] dx = new double[x.Length], dgamma = new double[groups[2] * groups[3]], dbeta = new double[dgamma.Length];
        if (node.IsAbsolute)
            (dx, dgamma, dbeta) = Magnitudes(operation, node).Gradients(x, dy, gamma);
        else
            ReferenceGroupNormalization.Backward(groups, x, dy, gamma, operation.Epsilon, dgamma, dbeta, dx);
        node.AddGradient(0, dx);
        if (operation.UseScale)
            node.AddParameterGradient(0, dgamma);
        if (operation.UseOffset)
            node.AddParameterGradient(operation.BetaIndex, dbeta);
    }

    protected override long Terms(SampleNormalizationOperation operation, Node node) => 8 + node.Inputs[0].SampleLength;

    // Samples, pixels, groups and channels of a group; rows are samples of one pixel and one group.
    private static Shape Groups(SampleNormalizationOperation operation, ReferenceNode node)
    {
        Shape input = node.InputShape();
        if (operation is ChannelGroupNormalizationOperation channels)
            return channels.GroupShape(input);
        int length = operation.NumbersOf(node.Node.Name, input).ElementCount;
        return new Shape(input.ElementCount / length, 1, 1, length);
    }

    private static double[] Gamma(SampleNormalizationOperation operation, ReferenceNode node) =>
        operation.UseScale ? node.Parameter(0) : [];

    private static double[] Beta(SampleNormalizationOperation operation, ReferenceNode node) =>
        operation.UseOffset ? node.Parameter(operation.BetaIndex) : [];

    private static GroupNormalizationMagnitudes Magnitudes(SampleNormalizationOperation operation, ReferenceNode node) =>
        new(Groups(operation, node), node.Exact!.Input(), operation.Epsilon);
}
