using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>Softmax of every row.</summary>
internal sealed class SoftmaxReference : ReferenceOf<SoftmaxOperation>
{
    protected override double[] Forward(SoftmaxOperation operation, ReferenceNode node)
    {
        int classes = Classes(node.Node);
        double[] x = node.Input(), y = node.NewOutput();
        if (!node.IsAbsolute)
        {
            ReferenceSoftmax.Forward(y.Length / classes, classes, x, y);
            return y;
        }

        // An error of d in the inputs changes a probability p by at most about 2·d·p.
        double[] exact = node.Exact!.Output;
        for (int i = 0; i < y.Length; i++)
            y[i] = exact[i] * (1 + (2 * x.AsSpan(i / classes * classes, classes).ToArray().Max()));
        return y;
    }

    protected override void Backward(SoftmaxOperation operation, ReferenceNode node, double[] dy)
    {
        int classes = Classes(node.Node);
        double[] y = node.Output;
        var dx = new double[y.Length];
        if (!node.IsAbsolute)
            ReferenceSoftmax.Backward(y.Length / classes, classes, y, dy, dx);
        for (int row = 0; node.IsAbsolute && row < y.Length; row += classes)
        {
            double sum = 0;
            for (int i = row; i < row + classes; i++)
                sum += dy[i] * y[i];
            for (int i = row; i < row + classes; i++)
                dx[i] = y[i] * (dy[i] + sum);
        }

        node.AddGradient(0, dx);
    }

    protected override long Terms(SoftmaxOperation operation, Node node) => 2 * Classes(node);

    private static int Classes(Node node) => node.Output.Shape[node.Output.Shape.Rank - 1];
}
