using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// Elements of the second tensor where the first one is true, else of the third; all of one rank, dimensions of 1 repeated.
/// </summary>
internal sealed record WhereOperation : TensorOperation
{
    public override string Kind => "Where";

    public override string FileKind => "Tensor.Where";

    public override int MinInputs => 3;

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0] == ElementType.Bool
        && inputs[1] == inputs[2]
        ? inputs[1]
        : throw new NotSupportedException(
            $"{Who(name)}: the inputs are of {string.Join(", ", inputs)}; expected Bool and two of one type.");

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => BroadcastShape.Of(Who(name), inputs);

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => BroadcastShape.KeepsBatch(inputs, isWhole);

    public override ForwardStep CreateForward(NodeShapes shapes) => ElementTypes.SizeOf(shapes.Types[1]) switch
    {
        1 => new Forward<byte>(shapes),
        4 => new Forward<float>(shapes),
        _ => new Forward<long>(shapes),
    };

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new WhereBackwardStep(shapes);

    private sealed class Forward<T>(NodeShapes shapes) : ForwardStep
        where T : unmanaged
    {
        private readonly long[][] _strides = [.. shapes.Inputs.Select(input => BroadcastShape.Strides(input, shapes.Output))];

        public override void Run(in ForwardContext context) => Run(
            0,
            context.N,
            MemoryMarshal.Cast<float, bool>(context.Input(0)),
            MemoryMarshal.Cast<float, T>(context.Input(1)),
            MemoryMarshal.Cast<float, T>(context.Input(2)),
            MemoryMarshal.Cast<float, T>(context.Output));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Run(int dimension, int count, ReadOnlySpan<bool> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        {
            (long c, long s, long t) = (_strides[0][dimension], _strides[1][dimension], _strides[2][dimension]);
            if (dimension == shapes.Output.Rank - 1)
            {
                for (int i = 0; i < count; i++)
                    y[i] = condition[(int)(i * c)] ? a[(int)(i * s)] : b[(int)(i * t)];
                return;
            }

            int part = 1;
            for (int i = dimension + 1; i < shapes.Output.Rank; i++)
                part *= shapes.Output[i];
            for (int i = 0; i < count; i++)
                Run(dimension + 1, shapes.Output[dimension + 1], condition[(int)(i * c)..], a[(int)(i * s)..], b[(int)(i * t)..],
                    y.Slice(i * part, part));
        }
    }
}
