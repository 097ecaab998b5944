using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>Values side by side along the channels.</summary>
internal sealed class ConcatenateReference : ReferenceOf<ConcatenateOperation>
{
    protected override double[] Forward(ConcatenateOperation operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        Walk(node, (input, from, to) => y[to] = node.Input(input)[from]);
        return y;
    }

    protected override void Backward(ConcatenateOperation operation, ReferenceNode node, double[] dy)
    {
        double[][] dx = [.. node.Node.Inputs.Select((_, input) => new double[node.Input(input).Length])];
        Walk(node, (input, from, to) => dx[input][from] = dy[to]);
        for (int input = 0; input < dx.Length; input++)
            node.AddGradient(input, dx[input]);
    }

    private static void Walk(ReferenceNode node, Action<int, int, int> each)
    {
        int total = node.OutputShape.Dimensions[^1];
        int rows = node.OutputShape.ElementCount / total;
        int offset = 0;
        for (int input = 0; input < node.Node.Inputs.Count; input++)
        {
            int channels = node.InputShape(input).Dimensions[^1];
            for (int row = 0; row < rows; row++)
            {
                for (int c = 0; c < channels; c++)
                    each(input, (row * channels) + c, (row * total) + offset + c);
            }

            offset += channels;
        }
    }
}
