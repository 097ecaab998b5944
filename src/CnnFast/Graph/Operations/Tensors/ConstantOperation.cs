using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>A tensor that is known when the graph is built. Nothing runs: it lies beside the packed weights of a plan.</summary>
/// <param name="Type">What its elements are.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its elements as they lie in memory, filled up to whole floats.</param>
internal sealed record ConstantOperation(ElementType Type, Shape Shape, ReadOnlyMemory<float> Values) : TensorOperation
{
    public override string Kind => "Constant";

    public override string FileKind => "Tensor.Constant";

    public override int MinInputs => 0;

    public override bool HasGradient => false;

    public static Operation Read(AttributeReader json) =>
        new ConstantOperation(json.Choice<ElementType>("type"), new Shape(json.List("shape", MaxRank)), default);

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteString("type", Type.ToString());
        json.WriteNumbers("shape", Shape.Dimensions);
    }

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => Type;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => Shape;

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        throw new InvalidOperationException($"Constant '{shapes.Name}' has no step: plans place it.");

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => throw NoGradient(shapes);
}
