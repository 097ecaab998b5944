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
            return function.ForwardMagnitudes(x, exact);
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
            return AtKinks(node, function, function.BackwardMagnitudes(dy, node.Kept));
        var dx = new double[dy.Length];
        function.ApplyGradient(node.Kept, dy, dx);
        return dx;
    }

    // Where the sums lie at a kink within their bound, roundings choose the side: the derivative is off by as much as it jumps.
    private static double[] AtKinks(ReferenceNode node, ReferenceFunction function, double[] dx)
    {
        if (node.Exact is not { } exact || function.Kinks is null)
            return dx;
        long terms = ReferenceModel.TermsOf(node.Node);
        node.Kinks = 0;
        for (int i = 0; i < dx.Length; i++)
        {
            double bound = ErrorBound.Of(node.Kept[i], terms);
            if (node.Kept[i] == 0 || !function.HasKinkNear(exact.Kept[i], bound))
                continue;
            dx[i] /= ErrorBound.UnitRoundoff;
            node.Kinks++;
        }

        return dx;
    }

    extension(ReferenceFunction function)
    {
        /// <summary>The magnitudes of y from those of x, and of the roundings of the function itself.</summary>
        private double[] ForwardMagnitudes(double[] magnitudes, ReferenceNode exact) =>
            [.. magnitudes.Select((m, i) => (function.LargestSlope * m) + function.Own(exact.Kept[i], exact.Output[i]))];

        // The sum of the absolute terms where the function says it; else two units of y where it is curved.
        private double Own(double x, double y) =>
            function.Terms is { } terms ? 2 * terms(function, x) : function.Curvature == 0 ? 0 : 2 * Math.Abs(y);

        /// <summary>The magnitudes of dx from those of dy and x.</summary>
        private double[] BackwardMagnitudes(double[] dy, double[] x) =>
            [.. dy.Zip(x, (d, m) => d * (function.LargestSlope + (function.LargestCurvature * (m + 2))))];
    }
}
