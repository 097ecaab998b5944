namespace CnnFast.Graphs;

/// <summary>The mean of each channel over the whole sequence: <c>[N, L, C]</c> to <c>[N, C]</c>.</summary>
internal sealed record GlobalAveragePool1DOperation : Operation
{
    public override string Kind => "GlobalAveragePool1D";

    public override string NamePrefix => "global_average_pool1d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape images = SequenceShape.AsImages(Who(name), inputs[0]);
        return new Shape(images[0], images[3]);
    }

    /// <summary>The pooling of images of one row.</summary>
    public Pool2DGeometry Geometry(string name, Shape input) =>
        Pool2DGeometry.Global(SequenceShape.AsImages(Who(name), input), name);

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new AveragePool2DForwardStep(Geometry(shapes.Name, shapes.Input), countPadding: false, shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new AveragePool2DBackwardStep(Geometry(shapes.Name, shapes.Input), countPadding: false);
}
