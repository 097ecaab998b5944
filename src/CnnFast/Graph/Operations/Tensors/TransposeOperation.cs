namespace CnnFast.Graphs;

/// <summary>The dimensions in another order: dimension i of the output is dimension Order[i] of the input.</summary>
/// <param name="Order">Every dimension once.</param>
internal sealed record TransposeOperation(IReadOnlyList<int> Order) : TensorOperation
{
    public override string Kind => "Transpose";

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0];

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => Order[0] == 0;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = inputs[0];
        return new Shape([.. Order.Select(axis => input[axis])]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes)
    {
        long[] strides = StridedCopyStep.StridesOf(shapes.Input);
        return new StridedCopyStep(shapes.Types[0], shapes.Output, [.. Order.Select(axis => strides[axis])], 0);
    }

    public bool Equals(TransposeOperation? other) => other is not null && Order.SequenceEqual(other.Order);

    public override int GetHashCode() => Order.Aggregate(17, HashCode.Combine);
}
