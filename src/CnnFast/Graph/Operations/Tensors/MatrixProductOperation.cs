using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// Products of matrices, the last two dimensions of tensors of one rank; the dimensions before them go together, those of 1 repeated.
/// </summary>
internal sealed record MatrixProductOperation : TensorOperation
{
    public override string Kind => "MatrixProduct";

    public override string FileKind => "Tensor.MatrixProduct";

    public override int MinInputs => 2;

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0] == inputs[1]
        && inputs[0] is ElementType.Float32 or ElementType.Int32 or ElementType.Int64
        ? inputs[0]
        : throw new NotSupportedException(
            $"{Who(name)}: the inputs are of {inputs[0]} and {inputs[1]}; expected two of Float32, Int32 or Int64.");

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        (Shape a, Shape b) = (inputs[0], inputs[1]);
        if (a.Rank < 2 || a.Rank != b.Rank || a[a.Rank - 1] != b[b.Rank - 2])
            throw new ShapeException($"{Who(name)}: the inputs have shapes {a} and {b}; expected as many columns as rows.");
        Shape common = BroadcastShape.Of(Who(name), [Batches(a), Batches(b)]);
        return new Shape([.. common.Dimensions[..^1], a[a.Rank - 2], b[b.Rank - 1]]);
    }

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => inputs[0].Rank == 2
        ? !isWhole[0] && isWhole[1]
        : BroadcastShape.KeepsBatch(inputs, isWhole);

    public override long CountMultiplyAdds(string name, IReadOnlyList<Shape> inputs) =>
        (long)InferShape(name, inputs).ElementCount * inputs[0].Dimensions[^1];

    public override ForwardStep CreateForward(NodeShapes shapes) => shapes.Types[0] switch
    {
        ElementType.Float32 => new MatrixProductStep(shapes, BatchStrides(shapes, 0), BatchStrides(shapes, 1)),
        ElementType.Int32 => new IntegerForward<int>(shapes),
        _ => new IntegerForward<long>(shapes),
    };

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => shapes.Output.Rank == 2
        ? new MatrixRowsBackwardStep(shapes)
        : new MatrixProductBackwardStep(shapes, BatchStrides(shapes, 0), BatchStrides(shapes, 1));

    private static Shape Common(NodeShapes shapes) => new([.. shapes.Output.Dimensions[..^2], 1]);

    // Elements from a matrix of an input to the next, in every dimension before the last two; 0 where it is repeated.
    private static long[] BatchStrides(NodeShapes shapes, int input)
    {
        Shape shape = shapes.Inputs[input];
        long matrix = (long)shape[shape.Rank - 2] * shape[shape.Rank - 1];
        return [.. BroadcastShape.Strides(Batches(shape), Common(shapes)).Select(stride => stride * matrix)];
    }

    private static Shape Batches(Shape shape) => new([.. shape.Dimensions[..^2], 1]);

    private sealed class IntegerForward<T> : ForwardStep
        where T : unmanaged, IBinaryInteger<T>
    {
        private readonly int _rows;
        private readonly int _inner;
        private readonly int _columns;
        private readonly int[] _counts;
        private readonly long[] _a;
        private readonly long[] _b;

        public IntegerForward(NodeShapes shapes)
        {
            Shape y = shapes.Output;
            (_rows, _columns, _inner) = (y[y.Rank - 2], y[y.Rank - 1], shapes.Inputs[0].Dimensions[^1]);
            _counts = [.. y.Dimensions[..^2]];
            _a = BatchStrides(shapes, 0);
            _b = BatchStrides(shapes, 1);
        }

        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<T> a = MemoryMarshal.Cast<float, T>(context.Input(0));
            ReadOnlySpan<T> b = MemoryMarshal.Cast<float, T>(context.Input(1));
            Span<T> y = MemoryMarshal.Cast<float, T>(context.Output);
            if (_counts.Length == 0)
                Multiply(context.N, a, b, y);
            else
                Run(0, context.N, a, b, y);
        }

        private void Run(int dimension, int count, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        {
            int part = y.Length / count;
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<T> left = a[(int)(i * _a[dimension])..];
                ReadOnlySpan<T> right = b[(int)(i * _b[dimension])..];
                if (dimension == _counts.Length - 1)
                    Multiply(_rows, left, right, y.Slice(i * part, part));
                else
                    Run(dimension + 1, _counts[dimension + 1], left, right, y.Slice(i * part, part));
            }
        }

        private void Multiply(int rows, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        {
            for (int row = 0; row < rows; row++)
            {
                Span<T> sums = y.Slice(row * _columns, _columns);
                sums.Clear();
                for (int k = 0; k < _inner; k++)
                    TensorPrimitives.MultiplyAdd(b.Slice(k * _columns, _columns), a[(row * _inner) + k], sums, sums);
            }
        }
    }
}
