using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The mean of each window: <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>.</summary>
internal sealed record AveragePool2DOperation(Window2D Window, bool CountPadding) : Operation
{
    public override string Kind => "AveragePool2D";

    public override string NamePrefix => "average_pool2d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public static Operation Read(AttributeReader json) =>
        new AveragePool2DOperation(Window2D.Read(json, Window2D.Pool), json.Boolean("count_padding"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Window.WriteSizes(json, Window2D.Pool);
        Window.WritePadding(json);
        json.WriteBoolean("count_padding", CountPadding);
    }

    public override void Validate(string who) => Window.Validate(who, Window2D.Pool);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Window.PoolOver(Who(name), name, inputs[0]).Output;

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new AveragePool2DForwardStep(Window.PoolOver(Who(shapes.Name), shapes.Name, shapes.Input), CountPadding, shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new AveragePool2DBackwardStep(Window.PoolOver(Who(shapes.Name), shapes.Name, shapes.Input), CountPadding);
}
