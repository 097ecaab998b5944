namespace CnnFast.Graphs;

/// <summary>
/// The product of two or more values of one shape, or of images <c>[N, H, W, C]</c> and factors <c>[N, C]</c> or <c>[N, 1, 1, C]</c>
/// that are the same for all pixels.
/// </summary>
internal sealed record MultiplyOperation : Operation
{
    public override string Kind => "Multiply";

    public override string NamePrefix => "multiply";

    public override int MinInputs => 2;

    public override int MaxInputs => int.MaxValue;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => HaveOneShape(inputs) || HasFactors(inputs)
        ? inputs[0]
        : throw new ShapeException($"{Who(name)}: the inputs have shapes {string.Join(" and ", inputs.Select(ShapeText.OfBatch))}; " +
            "expected the same shape for all, or images (N, H, W, C) and then factors (N, C) or (N, 1, 1, C).");

    public override bool CanOverwrite(int input) => input < 2;

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        HaveOneShape(shapes.Inputs) ? new MultiplyForwardStep() : new MultiplyChannelsForwardStep(shapes.Input);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        HaveOneShape(shapes.Inputs) ? new MultiplyBackwardStep() : new MultiplyChannelsBackwardStep(shapes.Input);

    private static bool HaveOneShape(IReadOnlyList<Shape> inputs) => inputs.All(input => input == inputs[0]);

    private static bool HasFactors(IReadOnlyList<Shape> inputs) =>
        inputs.Count == 2 && inputs[0].Rank == 4
            && (inputs[1] == new Shape(inputs[0][0], inputs[0][3]) || inputs[1] == Shape.Nhwc(inputs[0][0], 1, 1, inputs[0][3]));
}
