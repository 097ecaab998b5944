using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The same numbers as elements of another type: towards zero for integers, held to their range; truth is not 0.</summary>
/// <param name="To">The new type.</param>
internal sealed record CastOperation(ElementType To) : TensorOperation
{
    public override string Kind => "Cast";

    public override string FileKind => "Tensor.Cast";

    public static Operation Read(AttributeReader json) => new CastOperation(json.Choice<ElementType>("to"));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteString("to", To.ToString());

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => To;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => shapes.Types[0] switch
    {
        ElementType.Float32 => Step<float>(shapes),
        ElementType.Int32 => Step<int>(shapes),
        ElementType.Int64 => Step<long>(shapes),
        _ => Step<byte>(shapes),
    };

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new CopyBackwardStep();

    private ForwardStep Step<T>(NodeShapes shapes)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        int sample = shapes.Input.ElementCount / shapes.Input[0];
        return To switch
        {
            ElementType.Float32 => new CastStep<T, float>(sample, false),
            ElementType.Int32 => new CastStep<T, int>(sample, false),
            ElementType.Int64 => new CastStep<T, long>(sample, false),
            ElementType.UInt8 => new CastStep<T, byte>(sample, false),
            _ => new CastStep<T, byte>(sample, true),
        };
    }
}
