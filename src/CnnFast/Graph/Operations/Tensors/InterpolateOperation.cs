using System.Runtime.CompilerServices;
using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Weighted sums of rows and columns of <c>[N, outer, H, W, inner]</c>; what lies outside the input is one number.</summary>
/// <param name="Rows">What each row of the output is.</param>
/// <param name="Columns">What each column of the output is.</param>
/// <param name="OutsideValue">The value outside.</param>
internal sealed record InterpolateOperation(InterpolationTable Rows, InterpolationTable Columns, float OutsideValue) : TensorOperation
{
    public override string Kind => "Interpolate";

    public override string FileKind => "Tensor.Interpolate";

    public static Operation Read(AttributeReader json) => new InterpolateOperation(InterpolationTable.Read(json, "rows"),
        InterpolationTable.Read(json, "columns"), json.Number("outside_value"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Rows.Write(json, "rows");
        Columns.Write(json, "columns");
        json.WriteFloat("outside_value", OutsideValue);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape x = inputs[0];
        RequireRank(name, x, 5);
        return x[2] == Rows.Axis.Input && x[3] == Columns.Axis.Input
            ? new Shape(x[0], x[1], Rows.Axis.Output, Columns.Axis.Output, x[4])
            : throw new ShapeException(
                $"{Who(name)}: input has shape {x}; expected {Rows.Axis.Input} rows and {Columns.Axis.Input} columns.");
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(this, shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new ResizeBackwardStep(shapes, Rows.WithoutOutside(), Columns.WithoutOutside());

    private sealed class Forward(InterpolateOperation operation, NodeShapes shapes) : ForwardStep
    {
        private readonly ResizeOperator _operator = ResizeOperator.Create(
            Shape.Nhwc(checked(shapes.Input[0] * shapes.Input[1]), shapes.Input[2], shapes.Input[3], shapes.Input[4]),
            operation.Rows.Axis,
            operation.Columns.Axis);

        private readonly int _inner = shapes.Input[4];
        private readonly int _outer = shapes.Input[1];
        private readonly int _row = operation.Columns.Axis.Output * shapes.Input[4];

        public override int WorkspaceBytes(int threads) => _operator.WorkspaceBytes(threads);

        public override void Run(in ForwardContext context)
        {
            Span<float> y = context.Output;
            _operator.Run(context.Scheduler, context.N * _outer, context.Input(0), y, context.Workspace);
            if (operation.Rows.Outside.Count + operation.Columns.Outside.Count == 0)
                return;
            int image = operation.Rows.Axis.Output * _row;
            for (int first = 0; first < y.Length; first += image)
                FillOutside(y.Slice(first, image));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void FillOutside(Span<float> image)
        {
            for (int i = 0; i < operation.Rows.Outside.Count; i++)
                image.Slice(operation.Rows.Outside[i].First * _row, operation.Rows.Outside[i].Count * _row).Fill(operation.OutsideValue);
            for (int i = 0; i < operation.Columns.Outside.Count; i++)
            {
                (int first, int count) = operation.Columns.Outside[i];
                for (int row = 0; row < image.Length; row += _row)
                    image.Slice(row + (first * _inner), count * _inner).Fill(operation.OutsideValue);
            }
        }
    }
}
