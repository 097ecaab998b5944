using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// The elements along the last but one of four dimensions taken together: <c>[N, outer, count, inner]</c> to
/// <c>[N, outer, 1, inner]</c>. Sums are in double.
/// </summary>
/// <param name="Reduction">How.</param>
internal sealed record ReduceOperation(Reduction Reduction) : TensorOperation
{
    public override string Kind => $"Reduce{Reduction}";

    public override string FileKind => "Tensor.Reduce";

    public static Operation Read(AttributeReader json) => new ReduceOperation(json.Choice<Reduction>("reduction"));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteString("reduction", Reduction.ToString());

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0] is ElementType.Float32
        || (inputs[0] is ElementType.Int32 or ElementType.Int64 or ElementType.UInt8
            && Reduction is not (Reduction.L2 or Reduction.LogSum or Reduction.LogSumExp))
        ? inputs[0]
        : throw new NotSupportedException($"{Who(name)}: the input is of {inputs[0]}, on which it does not work.");

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        RequireRank(name, inputs[0], 4);
        return new Shape(inputs[0][0], inputs[0][1], 1, inputs[0][3]);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => shapes.Types[0] switch
    {
        ElementType.Float32 => new ReduceStep(Reduction, shapes.Input),
        ElementType.Int32 => new ReduceIntegersStep<int>(Reduction, shapes.Input),
        ElementType.Int64 => new ReduceIntegersStep<long>(Reduction, shapes.Input),
        _ => new ReduceIntegersStep<byte>(Reduction, shapes.Input),
    };

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new ReduceBackwardStep(Reduction, shapes.Input);
}
