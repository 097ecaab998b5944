using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>
/// An operation on tensors of any rank, element by element with its slopes. In an absolute run an element is the sum of its slopes' terms
/// and two units of its own. Truth values and integers are numbers.
/// </summary>
/// <typeparam name="T">The operation.</typeparam>
internal sealed class TensorReference<T> : ReferenceOf<T>
    where T : Operation
{
    protected override double[] Forward(T operation, ReferenceNode node)
    {
        double[] y = node.NewOutput();
        double[][] inputs = InputsOf(node);
        Walk(operation, node, (i, element) =>
        {
            y[i] = element.Value;
            if (!node.IsAbsolute)
                return;
            y[i] = 2 * Math.Abs(element.Value);
            foreach ((int input, int place, double slope) in element.Slopes)
                y[i] += Math.Abs(slope) * inputs[input][place];
        });
        return y;
    }

    protected override void Backward(T operation, ReferenceNode node, double[] dy)
    {
        double[][] gradients = [.. node.Node.Inputs.Select((_, input) => new double[node.Input(input).Length])];
        Walk(operation, node, (i, element) =>
        {
            foreach ((int input, int place, double slope) in element.Slopes)
                gradients[input][place] += node.Magnitude(slope) * dy[i];
        });
        for (int input = 0; input < gradients.Length; input++)
        {
            if (operation.HasGradient && node.Node.Inputs[input].Type == ElementType.Float32)
                node.AddGradient(input, gradients[input]);
        }
    }

    // As many as slopes forward; backward as many as elements that may have read one.
    protected override long Terms(T operation, Node node)
    {
        long forward = operation switch
        {
            MatrixProductOperation => node.Inputs[0].Shape.Dimensions[^1],
            ReduceOperation or NormalizeOperation or LogSoftmaxOperation => node.Inputs[0].SampleLength,
            LocalResponseOperation response => response.Size,
            InterpolateOperation interpolate => interpolate.Rows.Axis.Taps.Length + interpolate.Columns.Axis.Taps.Length,
            _ => node.Inputs.Count,
        };
        return node.Inputs.Max(input => forward + (forward * node.Output.SampleLength / Math.Max(1, input.SampleLength)));
    }

    private static double[][] InputsOf(ReferenceNode node) => [.. node.Node.Inputs.Select((_, input) => node.Input(input))];

    private static void Walk(T operation, ReferenceNode node, Action<int, TensorElement> each)
    {
        var definition = new TensorDefinition(operation, [.. node.Node.Inputs.Select((_, input) => node.InputShape(input))],
            InputsOf(node.Exact ?? node));
        var element = new TensorElement();
        TensorPlaces.Walk(node.OutputShape, (i, at) =>
        {
            definition.Compute(at, element);
            each(i, element);
        });
    }
}
