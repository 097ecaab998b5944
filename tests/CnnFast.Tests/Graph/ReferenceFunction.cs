using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Tests.Graph;

/// <summary>An activation in double, forward and backward, with what its rounding errors are bounded by.</summary>
/// <param name="Apply">y = f(x).</param>
/// <param name="Gradient">dx = f′(x)·dy.</param>
/// <param name="Slope">The largest |f′|.</param>
/// <param name="Curvature">The largest |f″|, and of the change of f′ with a rounding of y; 0 where f is piecewise linear.</param>
internal sealed record ReferenceFunction(Action<double[], double[]> Apply, Action<double[], double[], double[]> Gradient, double Slope, double Curvature)
{
    /// <summary>The function of a node that is one, or that its operation applies to its sums; null for the identity.</summary>
    public static ReferenceFunction? Of(Operation operation) => operation switch
    {
        LeakyReLUOperation leaky => new((x, y) => ReferenceActivation.LeakyReLU(x, y, leaky.NegativeSlope), (x, dy, dx) => ReferenceActivationGradient.LeakyReLU(x, dy, dx, leaky.NegativeSlope), 1, 0),
        ActivationOperation function => Of(function.Activation),
        IConvolution convolution => Of(convolution.Activation),
        _ => null,
    };

    /// <summary>The magnitudes of y from those of x: two units of y for the roundings of its own where the function is curved.</summary>
    public double[] ForwardMagnitudes(double[] magnitudes, double[] exact) =>
        [.. magnitudes.Zip(exact, (m, y) => (Slope * m) + (Curvature == 0 ? 0 : 2 * Math.Abs(y)))];

    /// <summary>The magnitudes of dx from those of dy and x.</summary>
    public double[] BackwardMagnitudes(double[] dy, double[] x) => [.. dy.Zip(x, (d, m) => d * (Slope + (Curvature * (m + 2))))];

    private static ReferenceFunction? Of(Activation activation) => activation switch
    {
        Activation.ReLU => new((x, y) => ReferenceReLU.Forward(x, y), (x, dy, dx) => ReferenceReLU.Backward(x, dy, dx), 1, 0),
        Activation.ReLU6 => new((x, y) => ReferenceActivation.Clip(x, y, 0, 6), (x, dy, dx) => ReferenceActivationGradient.Clip(x, dy, dx, 0, 6), 1, 0),
        Activation.SiLU => new((x, y) => ReferenceActivation.SiLU(x, y), (x, dy, dx) => ReferenceActivationGradient.SiLU(x, dy, dx), 1.1, 0.5),
        Activation.HardSwish => new((x, y) => ReferenceActivation.HardSwish(x, y), (x, dy, dx) => ReferenceActivationGradient.HardSwish(x, dy, dx), 1.5, 0.34),
        Activation.Sigmoid => new((x, y) => ReferenceActivation.Sigmoid(x, y), (x, dy, dx) => ReferenceActivationGradient.Sigmoid(x, dy, dx), 0.25, 1),
        Activation.Tanh => new((x, y) => ReferenceActivation.Tanh(x, y), (x, dy, dx) => ReferenceActivationGradient.Tanh(x, dy, dx), 1, 2),
        _ => null,
    };
}
