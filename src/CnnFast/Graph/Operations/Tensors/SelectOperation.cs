using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>
/// Picks rows and columns of <c>[N, outer, H, W, inner]</c>, of any type: <c>y[n, o, i, j, :] = x[n, o, Rows[i], Columns[j], :]</c>, and
/// <see cref="Fill"/> where an index is −1. Paddings, crops, and enlarging by repetition.
/// </summary>
/// <param name="Rows">Which row of the input each row of the output is; −1 is none.</param>
/// <param name="Columns">Which column of the input each column of the output is; −1 is none.</param>
/// <param name="Fill">The bits of an element that the input does not have.</param>
internal sealed record SelectOperation(IReadOnlyList<int> Rows, IReadOnlyList<int> Columns, long Fill) : TensorOperation
{
    public override string Kind => "Select";

    public override string FileKind => "Tensor.Select";

    public static Operation Read(AttributeReader json) => new SelectOperation(json.List("rows"), json.List("columns"), json.Int64("fill"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumbers("rows", Rows);
        json.WriteNumbers("columns", Columns);
        json.WriteNumber("fill", Fill);
    }

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs)
    {
        bool fits = inputs[0] switch
        {
            ElementType.Bool => Fill is 0 or 1,
            ElementType.UInt8 => Fill is >= byte.MinValue and <= byte.MaxValue,
            ElementType.Int64 => true,
            _ => Fill is >= int.MinValue and <= uint.MaxValue,
        };
        return fits
            ? inputs[0]
            : throw new NotSupportedException($"{Who(name)}: the fill is {Fill}; expected the bits of an element of {inputs[0]}.");
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape x = inputs[0];
        RequireRank(name, x, 5);
        RequireIndices(name, "row", Rows, x[2]);
        RequireIndices(name, "column", Columns, x[3]);
        return new Shape(x[0], x[1], Rows.Count, Columns.Count, x[4]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => ElementTypes.SizeOf(shapes.Types[0]) switch
    {
        1 => new SelectStep<byte>(shapes, this, (byte)Fill),
        4 => new SelectStep<uint>(shapes, this, (uint)Fill),
        _ => new SelectStep<long>(shapes, this, Fill),
    };

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new ResizeBackwardStep(shapes, AxisOf(Rows, shapes.Input[2]), AxisOf(Columns, shapes.Input[3]));

    private static ResizeAxis AxisOf(IReadOnlyList<int> indices, int count) =>
        ResizeAxis.Of(count, [.. indices.Select(index => index < 0 ? (ResizeTap[])[] : [new ResizeTap(index, 1)])]);

    private void RequireIndices(string name, string what, IReadOnlyList<int> indices, int count)
    {
        foreach (int index in indices)
        {
            if (index < -1 || index >= count)
                throw new ShapeException($"{Who(name)}: the {what} {index} is picked; expected -1 to {count - 1}.");
        }
    }

    public bool Equals(SelectOperation? other) =>
        other is not null && Fill == other.Fill && Rows.SequenceEqual(other.Rows) && Columns.SequenceEqual(other.Columns);

    public override int GetHashCode() => HashCode.Combine(Rows.Count, Columns.Count, Fill);
}
