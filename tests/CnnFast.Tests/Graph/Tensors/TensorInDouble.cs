using CnnFast.Graphs;
using CnnFast.Reference;
using CnnFast.Verification;

namespace CnnFast.Tests.Graph.Tensors;

/// <summary>
/// The operations on tensors of any rank in double, straight from their definitions. Truth values and integers are numbers.
/// </summary>
internal static class TensorInDouble
{
    /// <summary>The output.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="shapes">The shapes of the inputs.</param>
    /// <param name="y">The shape of the output.</param>
    /// <param name="inputs">The inputs.</param>
    public static double[] Forward(Operation operation, IReadOnlyList<Shape> shapes, Shape y, double[][] inputs)
    {
        if (operation is ViewOperation)
            return inputs[0];
        if (operation is RuntimeWeightsOperation { Inner: var inner })
            return WithWeights(inner, shapes, y, inputs);
        var values = new double[y.ElementCount];
        Walk(operation, shapes, y, inputs, (i, element) => values[i] = element.Value);
        return values;
    }

    /// <summary>The gradients by the inputs as the definition's slopes give them; null where it has none.</summary>
    public static double[][]? Backward(Operation operation, IReadOnlyList<Shape> shapes, Shape y, double[][] inputs, double[] dy)
    {
        if (operation is ViewOperation or RuntimeWeightsOperation)
            return null;
        double[][] gradients = [.. inputs.Select(input => new double[input.Length])];
        Walk(operation, shapes, y, inputs, (i, element) =>
        {
            foreach ((int input, int place, double slope) in element.Slopes)
                gradients[input][place] += slope * dy[i];
        });
        return gradients;
    }

    private static void Walk(Operation operation, IReadOnlyList<Shape> shapes, Shape y, double[][] inputs, Action<int, TensorElement> each)
    {
        var definition = new TensorDefinition(operation, shapes, inputs);
        var element = new TensorElement();
        TensorPlaces.Walk(y, (i, at) =>
        {
            definition.Compute(at, element);
            each(i, element);
        });
    }

    private static double[] WithWeights(Operation inner, IReadOnlyList<Shape> shapes, Shape y, double[][] inputs)
    {
        int channels = y.Dimensions[^1];
        switch (inner)
        {
            case Conv2DOperation convolution:
                var sums = new double[y.ElementCount];
                ReferenceConv2D.Forward(convolution.Geometry("test", shapes[0]), inputs[0], inputs[1], inputs.Length > 2 ? inputs[2] : [],
                    sums);
                return sums;
            case DenseOperation:
                return [.. Enumerable.Range(0, y.ElementCount).Select(at => inputs[2][at % channels] + Enumerable.Range(0, shapes[0][1])
                    .Sum(i => inputs[0][(at / channels * shapes[0][1]) + i] * inputs[1][(i * channels) + (at % channels)]))];
            case BatchNormalizationOperation normalization:
                return [.. inputs[0].Select((x, i) => inputs[2][i % channels] + ((x - inputs[3][i % channels]) * inputs[1][i % channels]
                    / Math.Sqrt(inputs[4][i % channels] + normalization.Epsilon)))];
            default:
                return [.. inputs[0].Select((x, i) => (x * inputs[1][i % channels]) + inputs[2][i % channels])];
        }
    }
}
