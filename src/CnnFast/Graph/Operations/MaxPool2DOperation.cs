using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The maximum of each window: <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>.</summary>
internal sealed record MaxPool2DOperation(Window2D Window) : Operation
{
    public override string Kind => "MaxPool2D";

    public override string NamePrefix => "max_pool2d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public static Operation Read(AttributeReader json) => new MaxPool2DOperation(Window2D.Read(json, Window2D.Pool));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        Window.WriteSizes(json, Window2D.Pool);
        Window.WritePadding(json);
    }

    public override void Validate(string who) => Window.Validate(who, Window2D.Pool);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Window.PoolOver(Who(name), name, inputs[0]).Output;

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new MaxPool2DForwardStep(Window.PoolOver(Who(shapes.Name), shapes.Name, shapes.Input), shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new MaxPool2DBackwardStep(Window.PoolOver(Who(shapes.Name), shapes.Name, shapes.Input));
}
