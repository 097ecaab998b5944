using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The maximum of each window: <c>[N, L, C]</c> to <c>[N, OL, C]</c>.</summary>
/// <param name="Window">Of one row.</param>
internal sealed record MaxPool1DOperation(Window2D Window) : Operation
{
    public override string Kind => "MaxPool1D";

    public override string NamePrefix => "max_pool1d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public static Operation Read(AttributeReader json) => new MaxPool1DOperation(Window2D.Read(json, Window2D.Pool));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Window.WriteSizes(json, Window2D.Pool);
        Window.WritePadding(json);
    }

    public override void Validate(string who)
    {
        Window.Validate(who, Window2D.Pool);
        SequenceShape.Validate(who, Window);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => SequenceShape.Of(Geometry(name, inputs[0]).Output);

    /// <summary>The pooling of images of one row.</summary>
    /// <exception cref="ShapeException">The input is no batch of sequences, or the window does not fit.</exception>
    public Pool2DGeometry Geometry(string name, Shape input) =>
        Window.PoolOver(Who(name), name, SequenceShape.AsImages(Who(name), input));

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new MaxPool2DForwardStep(Geometry(shapes.Name, shapes.Input), shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new MaxPool2DBackwardStep(Geometry(shapes.Name, shapes.Input));
}
