using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// A copy of elements that lie at regular distances: output[i, j, …] = input[start + i·step₀ + j·step₁ + …], each of the input's own
/// dimensions counted in elements of its own. Slices (with steps, also backwards), and repetition along a dimension of 1 (a step of 0).
/// </summary>
/// <param name="KeepsFirst">Whether the first dimension stays as it is, however long.</param>
/// <param name="Starts">The first index in every dimension.</param>
/// <param name="Steps">The distance of one output element to the next, in every dimension; 0 repeats.</param>
/// <param name="Counts">The dimensions of the output.</param>
internal sealed record StridedViewOperation(bool KeepsFirst, IReadOnlyList<int> Starts, IReadOnlyList<int> Steps, IReadOnlyList<int> Counts)
    : TensorOperation
{
    public override string Kind => "StridedView";

    public override string FileKind => "Tensor.StridedView";

    public static Operation Read(AttributeReader json) => new StridedViewOperation(json.Boolean("keeps_first"),
        json.List("starts", MaxRank), json.List("steps", MaxRank), json.List("counts", MaxRank));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteBoolean("keeps_first", KeepsFirst);
        json.WriteNumbers("starts", Starts);
        json.WriteNumbers("steps", Steps);
        json.WriteNumbers("counts", Counts);
    }

    public override void Validate(string who)
    {
        if (Starts.Count != Counts.Count || Steps.Count != Counts.Count)
            throw new ArgumentException(
                $"{who}: {Starts.Count} starts, {Steps.Count} steps and {Counts.Count} counts were given; expected as many of each.");
        if (KeepsFirst && (Starts[0] != 0 || Steps[0] != 1))
            throw new ArgumentException($"{who}: the first dimension starts at {Starts[0]} and has steps of {Steps[0]}; " +
                "expected 0 and 1, since it stays as it is.");
    }

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0];

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => KeepsFirst;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape x = inputs[0];
        RequireRank(name, x, Counts.Count);
        for (int i = KeepsFirst ? 1 : 0; i < Counts.Count; i++)
        {
            long last = Starts[i] + ((Counts[i] - 1L) * Steps[i]);
            if (Starts[i] < 0 || Starts[i] >= x[i] || last < 0 || last >= x[i])
                throw new ShapeException($"{Who(name)}: dimension {i} is read from {Starts[i]} to {last}; expected 0 to {x[i] - 1}.");
        }

        return KeepsFirst ? new Shape([x[0], .. Counts.Skip(1)]) : new Shape([.. Counts]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes)
    {
        (long[] steps, long offset) = StepsOver(shapes.Input);
        return new StridedCopyStep(shapes.Types[0], shapes.Output, steps, offset);
    }

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs)
    {
        (long[] steps, long offset) = StepsOver(shapes.Input);
        return new StridedBackwardStep(shapes, steps, offset);
    }

    private (long[] Steps, long Offset) StepsOver(Shape input)
    {
        long[] strides = StridedCopyStep.StridesOf(input);
        long offset = 0;
        var steps = new long[strides.Length];
        for (int i = 0; i < strides.Length; i++)
        {
            offset += Starts[i] * strides[i];
            steps[i] = Steps[i] * strides[i];
        }

        return (steps, offset);
    }

    public bool Equals(StridedViewOperation? other) =>
        other is not null && KeepsFirst == other.KeepsFirst && Starts.SequenceEqual(other.Starts) && Steps.SequenceEqual(other.Steps)
            && Counts.SequenceEqual(other.Counts);

    public override int GetHashCode() => Counts.Aggregate(17, HashCode.Combine);
}
