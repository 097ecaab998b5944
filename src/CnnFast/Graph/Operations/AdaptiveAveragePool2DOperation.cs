namespace CnnFast.Graphs;

/// <summary>The means of windows that cover an image in a given number of rows and columns.</summary>
internal sealed record AdaptiveAveragePool2DOperation(int Height, int Width) : AdaptivePool2DOperation(Height, Width)
{
    public override string Kind => "AdaptiveAveragePool2D";

    public override string NamePrefix => "adaptive_average_pool2d";

    public static Operation Read(AttributeReader json)
    {
        (int h, int w) = json.Pair("output_size");
        return new AdaptiveAveragePool2DOperation(h, w);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new AveragePool2DForwardStep(Geometry(shapes.Input), countPadding: false, shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new AveragePool2DBackwardStep(Geometry(shapes.Input), countPadding: false);
}
