using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Tests.Graph.Tensors;

/// <summary>Operations on tensors with awkward shapes; the batch is three.</summary>
internal static class TensorCases
{
    public static IReadOnlyList<TensorCase> All { get; } =
    [
        .. Unary(), .. Binary(), .. Broadcasts(), .. Choices(), .. Views(), .. Reductions(), .. Products(), .. Normalizations(),
        .. Resizes(), .. ComputedWeights(),
    ];

    private static IEnumerable<TensorCase> Unary()
    {
        foreach (UnaryFunction function in Enum.GetValues<UnaryFunction>())
        {
            (double low, double high) = function switch
            {
                UnaryFunction.SquareRoot or UnaryFunction.Logarithm or UnaryFunction.Reciprocal => (0.3, 3),
                UnaryFunction.ArcHyperbolicCosine => (1.2, 4),
                UnaryFunction.ArcSine or UnaryFunction.ArcCosine or UnaryFunction.ArcHyperbolicTangent => (-0.9, 0.9),
                _ => (-1.4, 1.4),
            };
            (float alpha, float beta) = function == UnaryFunction.Shrink ? (0.5f, 0.2f) : (0.75f, 1.1f);
            var operation = new UnaryOperation(function, alpha, beta);
            if (operation.HasGradient && function != UnaryFunction.RoundToHalf)
                yield return new TensorCase("", operation, new TensorInput(new Shape(3, 5, 7), low, high));
        }

        yield return new TensorCase("of a negative alpha", new UnaryOperation(UnaryFunction.CELU, -0.7f), TensorInput.Of(3, 5));
        yield return new TensorCase("long", new UnaryOperation(UnaryFunction.Exponential), TensorInput.Whole(1, 20_003));
    }

    private static IEnumerable<TensorCase> Binary()
    {
        foreach (BinaryFunction function in Enum.GetValues<BinaryFunction>().Where(function => function < BinaryFunction.Equal))
        {
            bool isPositive = function is BinaryFunction.Power or BinaryFunction.Modulo or BinaryFunction.Remainder
                or BinaryFunction.Divide;
            TensorInput Values(params int[] shape) => new(new Shape(shape), isPositive ? 0.5 : -1, isPositive ? 2 : 1);
            yield return new TensorCase("same", new BinaryOperation(function), Values(3, 4, 5), Values(3, 4, 5));
            yield return new TensorCase("b repeated", new BinaryOperation(function), Values(3, 4, 5), Values(3, 1, 5));
            if (function != BinaryFunction.ParametricReLU)
                yield return new TensorCase("both repeated", new BinaryOperation(function), Values(3, 1, 5, 1), Values(3, 4, 1, 3));
        }
    }

    private static IEnumerable<TensorCase> Broadcasts()
    {
        var multiply = new BinaryOperation(BinaryFunction.Multiply);
        yield return new TensorCase("last", multiply, TensorInput.Of(3, 4, 5), TensorInput.Of(3, 4, 1));
        yield return new TensorCase("all but the batch", multiply, TensorInput.Of(3, 4, 5), TensorInput.Of(3, 1, 1));
        yield return new TensorCase("a whole one", multiply, TensorInput.Of(3, 4, 5), TensorInput.Whole(1, 4, 5));
        yield return new TensorCase("a whole first one of one number", multiply, TensorInput.Whole(1, 1, 1), TensorInput.Of(3, 4, 5));
        yield return new TensorCase("a whole one, last", multiply, TensorInput.Of(3, 4, 5), TensorInput.Whole(1, 4, 1));
        yield return new TensorCase("a whole one, middle", multiply, TensorInput.Of(3, 4, 5, 2), TensorInput.Whole(1, 4, 1, 2));
        yield return new TensorCase("numbers", multiply, TensorInput.Of(3), TensorInput.Whole(1));
        yield return new TensorCase("columns", multiply, TensorInput.Of(3, 1), TensorInput.Of(3, 1));
        yield return new TensorCase("whole", multiply, TensorInput.Whole(4, 1, 3), TensorInput.Whole(1, 5, 3));
        yield return new TensorCase("many pixels", multiply, TensorInput.Of(3, 21, 19, 6), TensorInput.Of(3, 1, 1, 6));
        yield return new TensorCase("a long row", multiply, TensorInput.Of(3, 1, 2049), TensorInput.Of(3, 3, 1));
        yield return new TensorCase("alternating", multiply, TensorInput.Of(3, 2, 1, 3, 1, 2), TensorInput.Of(3, 1, 4, 1, 3, 1));
        yield return new TensorCase("ties", new BinaryOperation(BinaryFunction.Maximum),
            TensorInput.Of(3, 2) with { Values = [1, 2, 0, 0, -1, 5] }, TensorInput.Of(3, 2) with { Values = [1, 1, 0, 1, -1, 6] });
        yield return new TensorCase("ties", new BinaryOperation(BinaryFunction.Minimum),
            TensorInput.Of(3, 2) with { Values = [1, 2, 0, 0, -1, 5] }, TensorInput.Whole(1, 2) with { Values = [1, 2] });
    }

    private static IEnumerable<TensorCase> Choices()
    {
        static TensorInput Truth(params int[] shape) => new(new Shape(shape), 0, 1) { Type = ElementType.Bool };
        yield return new TensorCase("same", new WhereOperation(), Truth(3, 5, 7), TensorInput.Of(3, 5, 7), TensorInput.Of(3, 5, 7));
        yield return new TensorCase("repeated", new WhereOperation(), Truth(3, 1, 7), TensorInput.Of(3, 5, 1), TensorInput.Whole(1, 5, 7));
        yield return new TensorCase("a whole mask", new WhereOperation(), Truth(1, 5, 7) with { IsWhole = true }, TensorInput.Of(3, 1, 7),
            TensorInput.Whole(1, 1, 1));
        yield return new TensorCase("", new GatherOperation(), TensorInput.Of(3, 2, 5, 3),
            TensorInput.Whole(6) with { Type = ElementType.Int64, Values = [4, 0, -1, 2, 2, -5] });
        yield return new TensorCase("of int32", new GatherOperation(), TensorInput.Of(3, 1, 4, 1),
            TensorInput.Whole(2) with { Type = ElementType.Int32, Values = [-2, 1] });
        yield return new TensorCase("from a table", new GatherOperation(), TensorInput.Whole(1, 1, 5, 3),
            TensorInput.Whole(4) with { Type = ElementType.Int64, Values = [1, 1, 0, 4] });
        yield return new TensorCase("largest", new TopOperation(3, Largest: true, Indices: false), TensorInput.Of(3, 2, 7));
        yield return new TensorCase("smallest", new TopOperation(2, Largest: false, Indices: false), TensorInput.Whole(9));
        yield return new TensorCase("to float", new CastOperation(ElementType.Float32), TensorInput.Of(3, 5));
    }

    private static IEnumerable<TensorCase> Views()
    {
        yield return new TensorCase("of three", new TransposeOperation([0, 2, 1]), TensorInput.Of(3, 5, 4));
        yield return new TensorCase("of five", new TransposeOperation([0, 3, 1, 4, 2]), TensorInput.Of(3, 2, 3, 4, 5));
        yield return new TensorCase("whole", new TransposeOperation([2, 0, 1]), TensorInput.Whole(2, 3, 4));
        yield return new TensorCase("colours", new TransposeOperation([0, 2, 3, 1]), TensorInput.Of(3, 3, 5, 4));
        yield return new TensorCase("a part", new StridedViewOperation(true, [0, 1, 0], [1, 2, 1], [1, 2, 3]), TensorInput.Of(3, 5, 4));
        yield return new TensorCase("backwards", new StridedViewOperation(true, [0, 4, 3], [1, -2, -1], [1, 3, 4]),
            TensorInput.Of(3, 5, 4));
        yield return new TensorCase("repeated", new StridedViewOperation(true, [0, 0, 1, 0], [1, 0, 1, 0], [1, 4, 2, 5]),
            TensorInput.Of(3, 1, 3, 1));
        yield return new TensorCase("whole", new StridedViewOperation(false, [2, 0], [-1, 0], [3, 4]), TensorInput.Whole(3, 1));
        yield return new TensorCase("whole, repeated", new StridedViewOperation(false, [0, 0], [0, 1], [4, 3]), TensorInput.Whole(1, 3));
        yield return new TensorCase("two", new ConcatenateTensorsOperation(), TensorInput.Of(3, 4, 2), TensorInput.Of(3, 4, 3));
        yield return new TensorCase("a whole one", new ConcatenateTensorsOperation(), TensorInput.Of(3, 4, 2), TensorInput.Whole(1, 4, 3),
            TensorInput.Of(3, 4, 1));
        yield return new TensorCase("rows", new ConcatenateTensorsOperation(), TensorInput.Whole(4), TensorInput.Whole(3));
        yield return new TensorCase("padded", new SelectOperation([-1, 0, 1, 2, -1, -1], [-1, -1, 0, 1, 2, 3], 0x3F800000),
            TensorInput.Of(3, 2, 3, 4, 2));
        yield return new TensorCase("repeated", new SelectOperation([0, 0, 1, 1, 1], [2, 1, 0, 0, 1, 2, 3, 3], 0),
            TensorInput.Of(3, 2, 3, 4, 1));
        yield return new TensorCase("whole", new ReshapeWholeOperation(new Shape(6, 2)), TensorInput.Whole(3, 4));
    }

    private static IEnumerable<TensorCase> Reductions()
    {
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            (double low, double high) = reduction == Reduction.LogSum ? (0.2, 2) : (-1.5, 1.5);
            yield return new TensorCase("rows", new ReduceOperation(reduction), new TensorInput(new Shape(3, 4, 6, 1), low, high));
            yield return new TensorCase("columns", new ReduceOperation(reduction), new TensorInput(new Shape(3, 2, 5, 7), low, high));
        }

        yield return new TensorCase("one zero", new ReduceOperation(Reduction.Product),
            TensorInput.Of(3, 1, 3, 1) with { Values = [2, 0, 3, 0, 0, 1, 1, 2, 3] });
        yield return new TensorCase("long columns", new ReduceOperation(Reduction.L2), TensorInput.Of(3, 1, 2, 1030));
        yield return new TensorCase("whole", new ReduceOperation(Reduction.Mean), TensorInput.Whole(1, 2, 5, 1));
        yield return new TensorCase("", new LogSoftmaxOperation(), TensorInput.Of(3, 4, 5));
        yield return new TensorCase("one class", new LogSoftmaxOperation(), TensorInput.Of(3, 1));
    }

    private static IEnumerable<TensorCase> Products()
    {
        var product = new MatrixProductOperation();
        yield return new TensorCase("of samples", product, TensorInput.Of(3, 5, 4), TensorInput.Of(3, 4, 6));
        yield return new TensorCase("of heads", product, TensorInput.Of(3, 2, 5, 4), TensorInput.Of(3, 2, 4, 5));
        yield return new TensorCase("a repeated", product, TensorInput.Of(3, 1, 5, 4), TensorInput.Of(3, 2, 4, 3));
        yield return new TensorCase("b repeated", product, TensorInput.Of(3, 2, 5, 4), TensorInput.Of(3, 1, 4, 3));
        yield return new TensorCase("b whole", product, TensorInput.Of(3, 2, 5, 4), TensorInput.Whole(1, 2, 4, 3));
        yield return new TensorCase("a whole", product, TensorInput.Whole(1, 5, 4), TensorInput.Of(3, 4, 3));
        yield return new TensorCase("rows", product, TensorInput.Of(3, 7), TensorInput.Whole(7, 5));
        yield return new TensorCase("whole", product, TensorInput.Whole(4, 3), TensorInput.Whole(3, 2));
        yield return new TensorCase("whole, repeated", product, TensorInput.Whole(2, 4, 3), TensorInput.Whole(1, 3, 5));
        yield return new TensorCase("a column", product, TensorInput.Of(3, 9, 1), TensorInput.Of(3, 1, 1));
    }

    private static IEnumerable<TensorCase> Normalizations()
    {
        foreach (NormalizeResult result in Enum.GetValues<NormalizeResult>())
        {
            yield return new TensorCase($"{result} of rows", new NormalizeOperation(result, 1e-3f), TensorInput.Of(3, 1, 2, 7));
            yield return new TensorCase($"{result} of groups", new NormalizeOperation(result, 1e-3f), TensorInput.Of(3, 5, 2, 3));
        }

        var normalize = new NormalizeOperation(NormalizeResult.Elements, 1e-5f);
        yield return new TensorCase("scale", normalize, TensorInput.Of(3, 1, 4, 5), TensorInput.Whole(5));
        yield return new TensorCase("scale and bias", normalize, TensorInput.Of(3, 1, 4, 5), TensorInput.Whole(5), TensorInput.Whole(5));
        yield return new TensorCase("groups with scale and bias", normalize, TensorInput.Of(3, 6, 2, 3), TensorInput.Whole(6),
            TensorInput.Whole(6));
        yield return new TensorCase("channels with scale and bias", normalize, TensorInput.Of(3, 6, 70, 1), TensorInput.Whole(70),
            TensorInput.Whole(70));
        yield return new TensorCase("groups with one scale and a bias a channel", normalize, TensorInput.Of(3, 6, 2, 3),
            TensorInput.Whole(3),
            TensorInput.Whole(6));
        yield return new TensorCase("groups with the same numbers", normalize, TensorInput.Of(3, 6, 2, 3), TensorInput.Whole(3),
            TensorInput.Whole(3));
        yield return new TensorCase("rows with a scale for each", normalize, TensorInput.Of(3, 1, 4, 5), TensorInput.Whole(20),
            TensorInput.Whole(20));
        yield return new TensorCase("added", new NormalizeOperation(NormalizeResult.Elements, 0, 1e-2f), TensorInput.Of(3, 8, 2, 1));
        yield return new TensorCase("", new LocalResponseOperation(5, 0.3f, 0.75f, 1), TensorInput.Of(3, 4, 9));
        yield return new TensorCase("of an even size", new LocalResponseOperation(4, 0.2f, 0.5f, 2), TensorInput.Of(3, 2, 3));
        yield return new TensorCase("wide", new LocalResponseOperation(9, 0.2f, 1.5f, 1), TensorInput.Of(3, 5));
    }

    private static IEnumerable<TensorCase> ComputedWeights()
    {
        Window2D window = new(3, 2, 1, 1, 1, 1, Padding.Same);
        yield return new TensorCase("computed", new RuntimeWeightsOperation(new Conv2DOperation(4, window, 1, Activation.None,
            UseBias: true)),
            TensorInput.Of(3, 5, 4, 3), TensorInput.Whole(3, 2, 3, 4), TensorInput.Whole(4));
        yield return new TensorCase("computed", new RuntimeWeightsOperation(new DenseOperation(5, Activation.None, UseBias: true)),
            TensorInput.Of(3, 7), TensorInput.Whole(7, 5), TensorInput.Whole(5));
        yield return new TensorCase("computed", new RuntimeWeightsOperation(new BatchNormalizationOperation(1e-3f, 0.9f, true, true)),
            TensorInput.Of(3, 4, 2, 5), TensorInput.Whole(5), TensorInput.Whole(5), TensorInput.Whole(5),
            new TensorInput(new Shape(5), 0.5, 2) { IsWhole = true });
        yield return new TensorCase("computed", new RuntimeWeightsOperation(new ChannelAffineOperation()), TensorInput.Of(3, 4, 5),
            TensorInput.Whole(5), TensorInput.Whole(5));
    }

    private static IEnumerable<TensorCase> Resizes()
    {
        ResizeAxis Linear(int input, int output) => ResizeAxis.Create(input, output, (double)output / input, Interpolation.Bilinear,
            ResizeCoordinates.HalfPixel, NearestRounding.PreferFloor);
        yield return new TensorCase("larger", new InterpolateOperation(new InterpolationTable(Linear(3, 7), []),
            new InterpolationTable(Linear(4, 5), []), 0), TensorInput.Of(3, 2, 3, 4, 3));
        yield return new TensorCase("smaller", new InterpolateOperation(new InterpolationTable(Linear(7, 3), []),
            new InterpolationTable(Linear(5, 2), []), 0), TensorInput.Of(3, 1, 7, 5, 1));
        yield return new TensorCase("outside", new InterpolateOperation(new InterpolationTable(Linear(3, 6), [(0, 1), (5, 1)]),
            new InterpolationTable(Linear(4, 5), [(4, 1)]), 3), TensorInput.Of(3, 2, 3, 4, 2));
    }
}
