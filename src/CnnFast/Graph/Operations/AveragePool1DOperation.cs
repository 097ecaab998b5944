using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The mean of each window: <c>[N, L, C]</c> to <c>[N, OL, C]</c>.</summary>
/// <param name="Window">Of one row.</param>
/// <param name="CountPadding">Whether windows over the padding divide by all their cells.</param>
internal sealed record AveragePool1DOperation(Window2D Window, bool CountPadding) : Operation
{
    public override string Kind => "AveragePool1D";

    public override string NamePrefix => "average_pool1d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public static Operation Read(AttributeReader json) =>
        new AveragePool1DOperation(Window2D.Read(json, Window2D.Pool), json.Boolean("count_padding"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Window.WriteSizes(json, Window2D.Pool);
        Window.WritePadding(json);
        json.WriteBoolean("count_padding", CountPadding);
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
        new AveragePool2DForwardStep(Geometry(shapes.Name, shapes.Input), CountPadding, shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new AveragePool2DBackwardStep(Geometry(shapes.Name, shapes.Input), CountPadding);
}
