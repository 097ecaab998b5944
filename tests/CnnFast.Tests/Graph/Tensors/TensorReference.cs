using CnnFast.Graphs;
using CnnFast.Reference;

namespace CnnFast.Tests.Graph.Tensors;

/// <summary>
/// The operations on tensors of any rank in double, straight from their definitions. Truth values and integers are numbers.
/// </summary>
internal static class TensorReference
{
    /// <summary>The output.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="shapes">The shapes of the inputs.</param>
    /// <param name="y">The shape of the output.</param>
    /// <param name="inputs">The inputs.</param>
    public static double[] Forward(Operation operation, IReadOnlyList<Shape> shapes, Shape y, IReadOnlyList<double[]> inputs)
    {
        double[] x = inputs.Count == 0 ? [] : inputs[0];
        return operation switch
        {
            UnaryOperation unary => [.. x.Select(value => TensorFunctions.Of(unary, value))],
            BinaryOperation binary => Elements(y, at =>
                TensorFunctions.Of(binary.Function, At(inputs[0], shapes[0], at), At(inputs[1], shapes[1], at))),
            WhereOperation => Elements(y, at =>
                At(inputs[0], shapes[0], at) != 0 ? At(inputs[1], shapes[1], at) : At(inputs[2], shapes[2], at)),
            TransposeOperation transpose => Elements(y, at => At(x, shapes[0], Permuted(at, transpose.Order))),
            StridedViewOperation view => Elements(y, at => At(x, shapes[0], Viewed(at, view))),
            SelectOperation select => Elements(y, at => Selected(select, x, shapes[0], at)),
            InterpolateOperation interpolate => Elements(y, at => Interpolated(interpolate, x, shapes[0], at)),
            ConcatenateTensorsOperation => Elements(y, at => Concatenated(shapes, inputs, at)),
            GatherOperation => Elements(y, at => At(x, shapes[0], [at[0], at[1], Wrapped((int)inputs[1][at[2]], shapes[0][2]), at[3]])),
            ReduceOperation reduce => Elements(y, at => Reduced(reduce.Reduction, Line(x, shapes[0], 2, at))),
            LogSoftmaxOperation => Elements(y, at => At(x, shapes[0], at) - LogOfSum(Line(x, shapes[0], y.Rank - 1, at))),
            LocalResponseOperation response => Elements(y, at => LocalResponse(response, Line(x, shapes[0], y.Rank - 1, at), at[^1])),
            MatrixProductOperation => Elements(y, at => Product(shapes, inputs, at)),
            TopOperation top => Elements(y, at => Top(top, Line(x, shapes[0], y.Rank - 1, at), at[^1])),
            NormalizeOperation normalize => Elements(y, at => Normalized(normalize, shapes, inputs, at)),
            RuntimeWeightsOperation { Inner: var inner } => WithWeights(inner, shapes, y, inputs),
            CastOperation or ViewOperation => x,
            _ => throw new InvalidOperationException($"The reference knows no {operation.Kind}."),
        };
    }

    private static double[] Elements(Shape shape, Func<int[], double> element)
    {
        var values = new double[shape.ElementCount];
        var at = new int[shape.Rank];
        for (int i = 0; i < values.Length; i++)
        {
            int rest = i;
            for (int d = shape.Rank - 1; d >= 0; d--)
                (rest, at[d]) = Math.DivRem(rest, shape[d]);
            values[i] = element(at);
        }

        return values;
    }

    // Dimensions of 1 are repeated.
    private static double At(double[] x, Shape shape, ReadOnlySpan<int> at)
    {
        int place = 0;
        for (int d = 0; d < shape.Rank; d++)
            place = (place * shape[d]) + (shape[d] == 1 ? 0 : at[d]);
        return x[place];
    }

    private static double[] Line(double[] x, Shape shape, int dimension, int[] at)
    {
        int[] place = [.. at];
        var line = new double[shape[dimension]];
        for (int i = 0; i < line.Length; i++)
        {
            place[dimension] = i;
            line[i] = At(x, shape, place);
        }

        return line;
    }

    private static int[] Permuted(int[] at, IReadOnlyList<int> order)
    {
        var place = new int[at.Length];
        for (int i = 0; i < at.Length; i++)
            place[order[i]] = at[i];
        return place;
    }

    private static int[] Viewed(int[] at, StridedViewOperation view) => [.. at.Select((index, d) =>
        view.KeepsFirst && d == 0 ? index : view.Starts[d] + (index * view.Steps[d]))];

    private static int Wrapped(int index, int count) => index < 0 ? index + count : index;

    private static double Selected(SelectOperation select, double[] x, Shape shape, int[] at)
    {
        (int row, int column) = (select.Rows[at[2]], select.Columns[at[3]]);
        return row < 0 || column < 0
            ? BitConverter.Int32BitsToSingle((int)select.Fill)
            : At(x, shape, [at[0], at[1], row, column, at[4]]);
    }

    private static double Interpolated(InterpolateOperation operation, double[] x, Shape shape, int[] at)
    {
        if (IsOutside(operation.Rows, at[2]) || IsOutside(operation.Columns, at[3]))
            return operation.OutsideValue;
        double sum = 0;
        foreach (Kernels.ResizeTap row in TapsOf(operation.Rows, at[2]))
        {
            foreach (Kernels.ResizeTap column in TapsOf(operation.Columns, at[3]))
                sum += (double)row.Weight * column.Weight * At(x, shape, [at[0], at[1], row.Index, column.Index, at[4]]);
        }

        return sum;
    }

    private static bool IsOutside(InterpolationTable table, int position) =>
        table.Outside.Any(run => position >= run.First && position < run.First + run.Count);

    private static Kernels.ResizeTap[] TapsOf(InterpolationTable table, int position) =>
        table.Axis.Taps[table.Axis.Begins[position]..table.Axis.Begins[position + 1]];

    private static double Concatenated(IReadOnlyList<Shape> shapes, IReadOnlyList<double[]> inputs, int[] at)
    {
        int channel = at[^1];
        for (int i = 0; i < shapes.Count; i++)
        {
            if (channel < shapes[i].Dimensions[^1])
            {
                int place = 0;
                for (int d = 0; d < at.Length; d++)
                    place = (place * shapes[i][d]) + (d == at.Length - 1 ? channel : shapes[i][d] == 1 ? 0 : at[d]);
                return inputs[i][place];
            }

            channel -= shapes[i].Dimensions[^1];
        }

        throw new InvalidOperationException("There is no such channel.");
    }

    private static double Reduced(Reduction reduction, double[] line) => reduction switch
    {
        Reduction.Sum => line.Sum(),
        Reduction.Mean => line.Average(),
        Reduction.Maximum => line.Max(),
        Reduction.Minimum => line.Min(),
        Reduction.Product => line.Aggregate(1.0, (product, value) => product * value),
        Reduction.L1 => line.Sum(Math.Abs),
        Reduction.L2 => Math.Sqrt(line.Sum(value => value * value)),
        Reduction.SumOfSquares => line.Sum(value => value * value),
        Reduction.LogSum => Math.Log(line.Sum()),
        _ => LogOfSum(line),
    };

    private static double LogOfSum(double[] line) => line.Max() + Math.Log(line.Sum(value => Math.Exp(value - line.Max())));

    private static double LocalResponse(LocalResponseOperation operation, double[] pixel, int channel)
    {
        int first = Math.Max(0, channel - ((operation.Size - 1) / 2));
        int last = Math.Min(pixel.Length - 1, channel + (operation.Size / 2));
        double squares = pixel[first..(last + 1)].Sum(value => value * value);
        return pixel[channel] / Math.Pow(operation.Bias + ((double)operation.Alpha / operation.Size * squares), operation.Beta);
    }

    private static double Product(IReadOnlyList<Shape> shapes, IReadOnlyList<double[]> inputs, int[] at)
    {
        double sum = 0;
        for (int k = 0; k < shapes[0].Dimensions[^1]; k++)
            sum += At(inputs[0], shapes[0], [.. at[..^1], k]) * At(inputs[1], shapes[1], [.. at[..^2], k, at[^1]]);
        return sum;
    }

    private static double Top(TopOperation operation, double[] line, int place)
    {
        IEnumerable<int> order = Enumerable.Range(0, line.Length);
        int index = (operation.Largest ? order.OrderByDescending(i => line[i]) : order.OrderBy(i => line[i])).ElementAt(place);
        return operation.Indices ? index : line[index];
    }

    private static double[] WithWeights(Operation inner, IReadOnlyList<Shape> shapes, Shape y, IReadOnlyList<double[]> inputs)
    {
        int channels = y.Dimensions[^1];
        switch (inner)
        {
            case Conv2DOperation convolution:
                var sums = new double[y.ElementCount];
                ReferenceConv2D.Forward(convolution.Geometry("test", shapes[0]), inputs[0], inputs[1], inputs.Count > 2 ? inputs[2] : [],
                    sums);
                return sums;
            case DenseOperation:
                return Elements(y, at => inputs[2][at[1]] + Enumerable.Range(0, shapes[0][1])
                    .Sum(i => inputs[0][(at[0] * shapes[0][1]) + i] * inputs[1][(i * channels) + at[1]]));
            case BatchNormalizationOperation normalization:
                return [.. inputs[0].Select((x, i) => inputs[2][i % channels] + ((x - inputs[3][i % channels]) * inputs[1][i % channels]
                    / Math.Sqrt(inputs[4][i % channels] + normalization.Epsilon)))];
            default:
                return [.. inputs[0].Select((x, i) => (x * inputs[1][i % channels]) + inputs[2][i % channels])];
        }
    }

    private static double Normalized(NormalizeOperation operation, IReadOnlyList<Shape> shapes, IReadOnlyList<double[]> inputs, int[] at)
    {
        Shape x = shapes[0];
        bool elements = operation.Result == NormalizeResult.Elements;
        int set = elements ? at[2] : at[1];
        double[] values = [.. from pixel in Enumerable.Range(0, x[1])
                              from channel in Enumerable.Range(0, x[3])
                              select At(inputs[0], x, [at[0], pixel, set, channel])];
        double mean = values.Average();
        double variance = values.Average(value => (value - mean) * (value - mean));
        double factor = 1 / (Math.Sqrt(variance + operation.Epsilon) + operation.Added);
        if (!elements)
            return operation.Result == NormalizeResult.Mean ? mean : operation.Result == NormalizeResult.Variance ? variance : factor;
        double y = (At(inputs[0], x, at) - mean) * factor;
        int place = (set * x[3]) + at[3];
        y *= inputs.Count > 1 ? inputs[1][place % inputs[1].Length] : 1;
        return y + (inputs.Count > 2 ? inputs[2][place % inputs[2].Length] : 0);
    }
}
