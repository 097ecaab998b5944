using CnnFast.Graphs;

namespace CnnFast.Onnx.Tests;

/// <summary>An operation that ONNX does not know.</summary>
internal sealed record StrangeOperation : Operation
{
    public override string Kind => "Strange";

    public override string NamePrefix => "strange";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => new CopyForwardStep();

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => throw new NotSupportedException();
}
