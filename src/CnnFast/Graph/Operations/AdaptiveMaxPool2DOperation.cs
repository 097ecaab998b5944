namespace CnnFast.Graphs;

/// <summary>The maxima of windows that cover an image in a given number of rows and columns.</summary>
internal sealed record AdaptiveMaxPool2DOperation(int Height, int Width) : AdaptivePool2DOperation(Height, Width)
{
    public override string Kind => "AdaptiveMaxPool2D";

    public override string NamePrefix => "adaptive_max_pool2d";

    public static Operation Read(AttributeReader json)
    {
        (int h, int w) = json.Pair("output_size");
        return new AdaptiveMaxPool2DOperation(h, w);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new MaxPool2DForwardStep(Geometry(shapes.Input), shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new MaxPool2DBackwardStep(Geometry(shapes.Input));
}
