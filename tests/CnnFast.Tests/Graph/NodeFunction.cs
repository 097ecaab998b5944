using CnnFast.Graphs;
using CnnFast.Testing;

namespace CnnFast.Tests.Graph;

/// <summary>The reference of the function that a node is, or applies to its sums, and the bounds that it hands on.</summary>
internal static class NodeFunction
{
    /// <summary>The function; null for the identity.</summary>
    public static ReferenceFunction? Of(Operation operation) => operation switch
    {
        FunctionOperation function => ReferenceFunctions.Of(function.Epilogue),
        IConvolution convolution => ReferenceFunctions.Of(convolution.Activation),
        _ => null,
    };

    extension(ReferenceFunction function)
    {
        /// <summary>The magnitudes of y from those of x: two units of y for the roundings of its own where the function is
        /// curved.</summary>
        public double[] ForwardMagnitudes(double[] magnitudes, double[] exact) =>
            [.. magnitudes.Zip(exact, (m, y) => (function.Slope * m) + (function.Curvature == 0 ? 0 : 2 * Math.Abs(y)))];

        /// <summary>The magnitudes of dx from those of dy and x.</summary>
        public double[] BackwardMagnitudes(double[] dy, double[] x) =>
            [.. dy.Zip(x, (d, m) => d * (function.Slope + (function.Curvature * (m + 2))))];
    }
}
