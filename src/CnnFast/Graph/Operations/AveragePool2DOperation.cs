using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The mean of each window: <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>.</summary>
internal sealed record AveragePool2DOperation(PoolWindow Window, bool CountPadding) : Operation
{
    public override string Kind => "AveragePool2D";

    public override string NamePrefix => "average_pool2d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public static Operation Read(AttributeReader json) => new AveragePool2DOperation(PoolWindow.Read(json), json.Boolean("count_padding"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Window.Write(json);
        json.WriteBoolean("count_padding", CountPadding);
    }

    public override void Validate(string who) => Window.Validate(who);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Window.Geometry(Who(name), name, inputs[0]).Output;

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new AveragePool2DForwardStep(Window.Geometry(Who(shapes.Name), shapes.Name, shapes.Input), CountPadding, shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new AveragePool2DBackwardStep(Window.Geometry(Who(shapes.Name), shapes.Name, shapes.Input), CountPadding);
}
