using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>A whole value under another shape. A view: nothing is copied.</summary>
/// <param name="Target">The shape.</param>
internal sealed record ReshapeWholeOperation(Shape Target) : ViewOperation
{
    public override string Kind => "Reshape";

    public override string FileKind => "Tensor.Reshape";

    public override string NamePrefix => "reshape";

    public static Operation Read(AttributeReader json) =>
        new ReshapeWholeOperation(new Shape(json.List("target_shape", TensorOperation.MaxRank)));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteNumbers("target_shape", Target.Dimensions);

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => false;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0].ElementCount == Target.ElementCount
        ? Target
        : throw new ShapeException($"{Who(name)}: input has shape {inputs[0]}; expected as many elements as {Target} has.");
}
