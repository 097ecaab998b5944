using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The dimensions in another order: dimension i of the output is dimension Order[i] of the input.</summary>
/// <param name="Order">Every dimension once.</param>
internal sealed record TransposeOperation(IReadOnlyList<int> Order) : TensorOperation
{
    public override string Kind => "Transpose";

    public override string FileKind => "Tensor.Transpose";

    public static Operation Read(AttributeReader json) => new TransposeOperation(json.List("order", MaxRank));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteNumbers("order", Order);

    public override void Validate(string who)
    {
        if (!Order.Order().SequenceEqual(Enumerable.Range(0, Order.Count)))
            throw new ArgumentException($"{who}: the order is {string.Join(", ", Order)}; expected each of 0 to {Order.Count - 1} once.");
    }

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0];

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => Order[0] == 0;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = inputs[0];
        RequireRank(name, input, Order.Count);
        return new Shape([.. Order.Select(axis => input[axis])]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes)
    {
        long[] strides = StridedCopyStep.StridesOf(shapes.Input);
        return new StridedCopyStep(shapes.Types[0], shapes.Output, [.. Order.Select(axis => strides[axis])], 0);
    }

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new TransposeBackwardStep(Order, shapes);

    public bool Equals(TransposeOperation? other) => other is not null && Order.SequenceEqual(other.Order);

    public override int GetHashCode() => Order.Aggregate(17, HashCode.Combine);
}
