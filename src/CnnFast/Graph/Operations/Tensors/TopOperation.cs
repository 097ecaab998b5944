using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// The largest or smallest elements of the last dimension in their order, or where they are (int64). Of equal ones the first comes first.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Largest">Whether the largest.</param>
/// <param name="Indices">Whether where they are.</param>
internal sealed record TopOperation(int Count, bool Largest, bool Indices) : TensorOperation
{
    public override string Kind => Indices ? "TopKIndices" : "TopK";

    public override string FileKind => "Tensor.Top";

    public static Operation Read(AttributeReader json) =>
        new TopOperation(json.Int32("count"), json.Boolean("largest"), json.Boolean("indices"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("count", Count);
        json.WriteBoolean("largest", Largest);
        json.WriteBoolean("indices", Indices);
    }

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0] == ElementType.Bool
        ? throw new NotSupportedException($"{Who(name)}: the input is of {inputs[0]}, on which it does not work.")
        : Indices ? ElementType.Int64 : inputs[0];

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => inputs[0].Rank > 1;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Count >= 1 && Count <= inputs[0].Dimensions[^1]
        ? new Shape([.. inputs[0].Dimensions[..^1], Count])
        : throw new ShapeException(
            $"{Who(name)}: {Count} of {inputs[0].Dimensions[^1]} elements are wanted; expected 1 to {inputs[0].Dimensions[^1]}.");

    public override ForwardStep CreateForward(NodeShapes shapes) => shapes.Types[0] switch
    {
        ElementType.Float32 => new Forward<float>(this, shapes),
        ElementType.Int32 => new Forward<int>(this, shapes),
        ElementType.Int64 => new Forward<long>(this, shapes),
        _ => new Forward<byte>(this, shapes),
    };

    public override bool HasGradient => !Indices;

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        Indices ? throw NoGradient(shapes) : new TopBackwardStep(this, shapes.Input.Dimensions[^1]);

    private sealed class Forward<T>(TopOperation operation, NodeShapes shapes) : ForwardStep
        where T : unmanaged, INumber<T>
    {
        private readonly int _length = shapes.Input.Dimensions[^1];
        private readonly int _rows = shapes.Input.Rank == 1 ? 1 : shapes.Input.ElementCount / shapes.Input.Dimensions[^1] / shapes.Input[0];
        private readonly bool _isRow = shapes.Input.Rank == 1;

        public override int WorkspaceBytes(int threads) => checked(_length * sizeof(int));

        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<T> x = MemoryMarshal.Cast<float, T>(context.Input(0));
            Span<int> order = MemoryMarshal.Cast<byte, int>(context.Workspace)[.._length];
            int rows = _isRow ? 1 : _rows * context.N;
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<T> values = x.Slice(row * _length, _length);
                TopSelection.Select(values, order, operation.Count, operation.Largest);
                for (int i = 0; i < operation.Count; i++)
                {
                    if (operation.Indices)
                        MemoryMarshal.Cast<float, long>(context.Output)[(row * operation.Count) + i] = order[i];
                    else
                        MemoryMarshal.Cast<float, T>(context.Output)[(row * operation.Count) + i] = values[order[i]];
                }
            }
        }
    }
}
