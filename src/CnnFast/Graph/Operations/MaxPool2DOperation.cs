using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The maximum of each window: <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>.</summary>
internal sealed record MaxPool2DOperation(PoolWindow Window) : Operation
{
    public override string Kind => "MaxPool2D";

    public override string NamePrefix => "max_pool2d";

    public override bool SupportsOutputPitch => true;

    public override bool SupportsInputPitch => true;

    public static Operation Read(AttributeReader json) => new MaxPool2DOperation(PoolWindow.Read(json));

    public override void WriteAttributes(Utf8JsonWriter json) => Window.Write(json);

    public override void Validate(string who) => Window.Validate(who);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Window.Geometry(Who(name), name, inputs[0]).Output;

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new MaxPool2DForwardStep(Window.Geometry(Who(shapes.Name), shapes.Name, shapes.Input), shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new MaxPool2DBackwardStep(Window.Geometry(Who(shapes.Name), shapes.Name, shapes.Input));
}
