using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// Elements picked by their index along the last but one of four dimensions: <c>[N, outer, count, inner]</c> and indices <c>[k]</c> to
/// <c>[N, outer, k, inner]</c>. Indices below 0 count from the end.
/// </summary>
internal sealed record GatherOperation : TensorOperation
{
    public override string Kind => "Gather";

    public override string FileKind => "Tensor.Gather";

    public override int MinInputs => 2;

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[1] is ElementType.Int32
        or ElementType.Int64
        ? inputs[0]
        : throw new NotSupportedException($"{Who(name)}: the indices are of {inputs[1]}; expected Int32 or Int64.");

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => !isWhole[0] && isWhole[1];

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        RequireRank(name, inputs[0], 4);
        RequireRank(name, inputs[1], 1);
        return new Shape(inputs[0][0], inputs[0][1], inputs[1][0], inputs[0][3]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new GatherBackwardStep(shapes);

    /// <summary>An index, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public static int IndexOf(NodeShapes shapes, ReadOnlySpan<float> indices, int position)
    {
        int count = shapes.Input[2];
        long index = shapes.Types[1] == ElementType.Int64
            ? MemoryMarshal.Cast<float, long>(indices)[position]
            : MemoryMarshal.Cast<float, int>(indices)[position];
        return index >= -count && index < count
            ? (int)(index < 0 ? index + count : index)
            : throw new ArgumentOutOfRangeException(nameof(indices),
                $"Gather '{shapes.Name}': the index {index} is given; expected {-count} to {count - 1}.");
    }

    private sealed class Forward(NodeShapes shapes) : ForwardStep
    {
        private readonly int _outer = shapes.Input[1];
        private readonly int _count = shapes.Input[2];
        private readonly int _picked = shapes.Output[2];
        private readonly int _bytes = shapes.Input[3] * ElementTypes.SizeOf(shapes.Types[0]);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<byte> x = MemoryMarshal.AsBytes(context.Input(0));
            Span<byte> y = MemoryMarshal.AsBytes(context.Output);
            for (int i = 0; i < context.N * _outer; i++)
            {
                for (int j = 0; j < _picked; j++)
                {
                    int from = (i * _count) + IndexOf(shapes, context.Input(1), j);
                    x.Slice(from * _bytes, _bytes).CopyTo(y.Slice(((i * _picked) + j) * _bytes, _bytes));
                }
            }
        }
    }
}
