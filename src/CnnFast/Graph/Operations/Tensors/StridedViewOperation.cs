namespace CnnFast.Graphs;

/// <summary>
/// A copy of elements that lie at regular distances: output[i, j, …] = input[start + i·step₀ + j·step₁ + …], each of the input's own dimensions counted in elements of its own. Slices (with
/// steps, also backwards), and repetition along a dimension of 1 (a step of 0).
/// </summary>
/// <param name="KeepsFirst">Whether the first dimension stays as it is, however long.</param>
/// <param name="Starts">The first index in every dimension.</param>
/// <param name="Steps">The distance of one output element to the next, in every dimension; 0 repeats.</param>
/// <param name="Counts">The dimensions of the output.</param>
internal sealed record StridedViewOperation(bool KeepsFirst, IReadOnlyList<int> Starts, IReadOnlyList<int> Steps, IReadOnlyList<int> Counts) : TensorOperation
{
    public override string Kind => "StridedView";

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0];

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => KeepsFirst;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => KeepsFirst ? new Shape([inputs[0][0], .. Counts.Skip(1)]) : new Shape([.. Counts]);

    public override ForwardStep CreateForward(NodeShapes shapes)
    {
        long[] strides = StridedCopyStep.StridesOf(shapes.Input);
        long offset = 0;
        var steps = new long[strides.Length];
        for (int i = 0; i < strides.Length; i++)
        {
            offset += Starts[i] * strides[i];
            steps[i] = Steps[i] * strides[i];
        }

        return new StridedCopyStep(shapes.Types[0], shapes.Output, steps, offset);
    }

    public bool Equals(StridedViewOperation? other) =>
        other is not null && KeepsFirst == other.KeepsFirst && Starts.SequenceEqual(other.Starts) && Steps.SequenceEqual(other.Steps) && Counts.SequenceEqual(other.Counts);

    public override int GetHashCode() => Counts.Aggregate(17, HashCode.Combine);
}
