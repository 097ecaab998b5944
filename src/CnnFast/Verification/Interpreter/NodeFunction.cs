using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Verification;

/// <summary>The reference of the function that a node is, or applies to its sums, and the bounds that it hands on.</summary>
internal static class NodeFunction
{
    /// <summary>The function; null for the identity.</summary>
    public static ReferenceFunction? Of(Operation operation) => operation switch
    {
        FunctionOperation { Epilogue: var epilogue } => ReferenceFunctions.Of(epilogue.Function!.Name, epilogue.Alpha, epilogue.Beta),
        IConvolution { Activation: not Activation.None and var activation } => ReferenceFunctions.Of(activation.ToString()),
        _ => null,
    };

    /// <summary>The function of a node on what came before it, which is kept for <see cref="Backward"/>.</summary>
    public static double[] Forward(ReferenceNode node, double[] x)
    {
        node.Kept = x;
        if (Of(node.Node.Operation) is not { } function)
            return x;
        if (node.Exact is { } exact)
            return function.ForwardMagnitudes(x, exact.Output);
        var y = new double[x.Length];
        function.Apply(x, y);
        return y;
    }

    /// <summary>The gradient of what came before the function.</summary>
    public static double[] Backward(ReferenceNode node, double[] dy)
    {
        if (Of(node.Node.Operation) is not { } function)
            return dy;
        if (node.IsAbsolute)
            return function.BackwardMagnitudes(dy, node.Kept);
        var dx = new double[dy.Length];
        function.ApplyGradient(node.Kept, dy, dx);
        return dx;
    }

    extension(ReferenceFunction function)
    {
        /// <summary>The magnitudes of y from those of x: two units of y for the roundings of its own where the function is
        /// curved.</summary>
        private double[] ForwardMagnitudes(double[] magnitudes, double[] exact) =>
            [.. magnitudes.Zip(exact, (m, y) => (function.LargestSlope * m) + (function.Curvature == 0 ? 0 : 2 * Math.Abs(y)))];

        /// <summary>The magnitudes of dx from those of dy and x.</summary>
        private double[] BackwardMagnitudes(double[] dy, double[] x) =>
            [.. dy.Zip(x, (d, m) => d * (function.LargestSlope + (function.LargestCurvature * (m + 2))))];
    }
}
