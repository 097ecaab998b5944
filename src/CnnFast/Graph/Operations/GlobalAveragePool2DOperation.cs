namespace CnnFast.Graphs;

/// <summary>The mean of each channel over the whole image: <c>[N, H, W, C]</c> to <c>[N, C]</c>.</summary>
internal sealed record GlobalAveragePool2DOperation : Operation
{
    public override string Kind => "GlobalAveragePool2D";

    public override string NamePrefix => "global_average_pool2d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        ShapeText.RequireImages(Who(name), inputs[0]);
        return new Shape(inputs[0][0], inputs[0][3]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new AveragePool2DForwardStep(Pool2DGeometry.Global(shapes.Input, shapes.Name), countPadding: false, shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new AveragePool2DBackwardStep(Pool2DGeometry.Global(shapes.Input, shapes.Name), countPadding: false);
}
