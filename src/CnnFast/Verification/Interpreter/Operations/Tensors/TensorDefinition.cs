using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Verification;

/// <summary>Elements of operations on tensors, straight from the definitions, with their slopes.</summary>
internal sealed class TensorDefinition
{
    private readonly Operation _operation;
    private readonly IReadOnlyList<Shape> _shapes;
    private readonly double[][] _inputs;

    /// <summary>Knows the inputs of an operation.</summary>
    /// <param name="operation">What is computed.</param>
    /// <param name="shapes">The shapes of the inputs.</param>
    /// <param name="inputs">The inputs.</param>
    public TensorDefinition(Operation operation, IReadOnlyList<Shape> shapes, double[][] inputs)
    {
        (_operation, _shapes, _inputs) = (operation, shapes, inputs);
    }

    private double[] X => _inputs[0];

    /// <summary>Computes an element.</summary>
    /// <param name="at">Its indices.</param>
    /// <param name="y">Receives it.</param>
    /// <exception cref="NotSupportedException">The operation has no definition here.</exception>
    public void Compute(int[] at, TensorElement y)
    {
        switch (_operation)
        {
            case UnaryOperation unary:
                int place = TensorPlaces.Of(_shapes[0], at);
                y.Be(TensorFunctions.Of(unary, X[place])).With(0, place, TensorFunctions.SlopeOf(unary, X[place]));
                break;
            case BinaryOperation binary:
                Binary(binary.Function, TensorPlaces.Of(_shapes[0], at), TensorPlaces.Of(_shapes[1], at), y);
                break;
            case WhereOperation:
                int chosen = _inputs[0][TensorPlaces.Of(_shapes[0], at)] != 0 ? 1 : 2;
                Take(chosen, TensorPlaces.Of(_shapes[chosen], at), y);
                break;
            case TransposeOperation transpose:
                Take(0, TensorPlaces.Of(_shapes[0], Permuted(at, transpose.Order)), y);
                break;
            case StridedViewOperation view:
                Take(0, TensorPlaces.Of(_shapes[0], Viewed(at, view)), y);
                break;
            case SelectOperation select:
                Select(select, at, y);
                break;
            case InterpolateOperation interpolate:
                Interpolate(interpolate, at, y);
                break;
            case ConcatenateTensorsOperation:
                Concatenate(at, y);
                break;
            case GatherOperation:
                int index = (int)_inputs[1][at[2]];
                Take(0, TensorPlaces.Of(_shapes[0], at[0], at[1], index < 0 ? index + _shapes[0][2] : index, at[3]), y);
                break;
            case CastOperation cast:
                Cast(cast.To, TensorPlaces.Of(_shapes[0], at), y);
                break;
            case TopOperation top:
                Top(top, TensorPlaces.Line(_shapes[0], at.Length - 1, at), at[^1], y);
                break;
            case ReduceOperation reduce:
                TensorSums.Reduce(reduce.Reduction, X, TensorPlaces.Line(_shapes[0], 2, at), y);
                break;
            case LogSoftmaxOperation:
                TensorSums.LogSoftmax(X, TensorPlaces.Line(_shapes[0], at.Length - 1, at), at[^1], y);
                break;
            case LocalResponseOperation response:
                TensorSums.LocalResponse(response, X, TensorPlaces.Line(_shapes[0], at.Length - 1, at), at[^1], y);
                break;
            case MatrixProductOperation:
                Product(at, y);
                break;
            case NormalizeOperation normalize:
                Normalize(normalize, at, y);
                break;
            default:
                throw new NotSupportedException($"TensorDefinition: the operation {_operation.Kind} has none.");
        }
    }

    private void Take(int input, int place, TensorElement y) => y.Be(_inputs[input][place]).With(input, place, 1);

    private void Binary(BinaryFunction function, int first, int second, TensorElement y)
    {
        (double a, double b) = (_inputs[0][first], _inputs[1][second]);
        (double byFirst, double bySecond) = TensorFunctions.SlopesOf(function, a, b);
        y.Be(TensorFunctions.Of(function, a, b)).With(0, first, byFirst).With(1, second, bySecond);
    }

    private static int[] Permuted(int[] at, IReadOnlyList<int> order)
    {
        var index = new int[at.Length];
        for (int i = 0; i < at.Length; i++)
            index[order[i]] = at[i];
        return index;
    }

    private static int[] Viewed(int[] at, StridedViewOperation view) =>
        [.. at.Select((index, d) => view.KeepsFirst && d == 0 ? index : view.Starts[d] + (index * view.Steps[d]))];

    private void Select(SelectOperation select, int[] at, TensorElement y)
    {
        (int row, int column) = (select.Rows[at[2]], select.Columns[at[3]]);
        if (row < 0 || column < 0)
            y.Be(BitConverter.Int32BitsToSingle((int)select.Fill));
        else
            Take(0, TensorPlaces.Of(_shapes[0], at[0], at[1], row, column, at[4]), y);
    }

    private void Interpolate(InterpolateOperation operation, int[] at, TensorElement y)
    {
        if (operation.Rows.IsOutside(at[2]) || operation.Columns.IsOutside(at[3]))
        {
            y.Be(operation.OutsideValue);
            return;
        }

        var taps = new List<(int Place, double Weight)>();
        foreach (ResizeTap row in TapsOf(operation.Rows.Axis, at[2]))
        {
            foreach (ResizeTap column in TapsOf(operation.Columns.Axis, at[3]))
                taps.Add((TensorPlaces.Of(_shapes[0], at[0], at[1], row.Index, column.Index, at[4]), (double)row.Weight * column.Weight));
        }

        y.Be(taps.Sum(tap => tap.Weight * X[tap.Place]));
        foreach ((int place, double weight) in taps)
            y.With(0, place, weight);
    }

    private static ResizeTap[] TapsOf(ResizeAxis axis, int position) => axis.Taps[axis.Begins[position]..axis.Begins[position + 1]];

    private void Concatenate(int[] at, TensorElement y)
    {
        int[] index = [.. at];
        int input = 0;
        for (; index[^1] >= _shapes[input].Dimensions[^1]; input++)
            index[^1] -= _shapes[input].Dimensions[^1];
        Take(input, TensorPlaces.Of(_shapes[input], index), y);
    }

    private void Cast(ElementType to, int place, TensorElement y)
    {
        double x = X[place];
        _ = to switch
        {
            ElementType.Float32 => y.Be(x).With(0, place, 1),
            ElementType.Bool => y.Be(x != 0 ? 1 : 0),
            ElementType.UInt8 => y.Be(byte.CreateSaturating(x)),
            ElementType.Int32 => y.Be(int.CreateSaturating(x)),
            _ => y.Be(long.CreateSaturating(x)),
        };
    }

    private void Top(TopOperation operation, int[] line, int rank, TensorElement y)
    {
        IEnumerable<int> order = Enumerable.Range(0, line.Length);
        int best = (operation.Largest ? order.OrderByDescending(i => X[line[i]]) : order.OrderBy(i => X[line[i]])).ElementAt(rank);
        if (operation.Indices)
            y.Be(best);
        else
            Take(0, line[best], y);
    }

    private void Product(int[] at, TensorElement y)
    {
        (Shape a, Shape b) = (_shapes[0], _shapes[1]);
        int[] first = [.. Enumerable.Range(0, a.Dimensions[^1]).Select(k => TensorPlaces.Of(a, [.. at[..^1], k]))];
        int[] second = [.. Enumerable.Range(0, first.Length).Select(k => TensorPlaces.Of(b, [.. at[..^2], k, at[^1]]))];
        y.Be(first.Zip(second, (i, j) => _inputs[0][i] * _inputs[1][j]).Sum());
        for (int k = 0; k < first.Length; k++)
            y.With(0, first[k], _inputs[1][second[k]]).With(1, second[k], _inputs[0][first[k]]);
    }

    private void Normalize(NormalizeOperation operation, int[] at, TensorElement y)
    {
        Shape x = _shapes[0];
        bool isElement = operation.Result == NormalizeResult.Elements;
        int set = isElement ? at[2] : at[1];
        int[] places = [.. from pixel in Enumerable.Range(0, x[1])
                           from channel in Enumerable.Range(0, x[3])
                           select TensorPlaces.Of(x, at[0], pixel, set, channel)];
        if (!isElement)
        {
            TensorSums.Statistic(operation, X, places, y);
            return;
        }

        int own = (set * x[3]) + at[3];
        double scale = _inputs.Length > 1 ? _inputs[1][own % _inputs[1].Length] : 1;
        double bias = _inputs.Length > 2 ? _inputs[2][own % _inputs[2].Length] : 0;
        double normalized = TensorSums.Normalize(operation, X, places, TensorPlaces.Of(x, at), scale, bias, y);
        if (_inputs.Length > 1)
            y.With(1, own % _inputs[1].Length, normalized);
        if (_inputs.Length > 2)
            y.With(2, own % _inputs[2].Length, 1);
    }
}
