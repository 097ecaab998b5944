using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>A function of the elements of two tensors of one rank, dimensions of 1 repeated; comparisons give truth values.</summary>
/// <param name="Function">The function.</param>
internal sealed record BinaryOperation(BinaryFunction Function) : TensorOperation
{
    public override string Kind => Function.ToString();

    public override string FileKind => "Tensor.Binary";

    public override int MinInputs => 2;

    public static Operation Read(AttributeReader json) => new BinaryOperation(json.Choice<BinaryFunction>("function"));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteString("function", Function.ToString());

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs)
    {
        ElementType type = inputs[0];
        bool fits = Function switch
        {
            BinaryFunction.And or BinaryFunction.Or or BinaryFunction.ExclusiveOr => type == ElementType.Bool,
            BinaryFunction.Equal => true,
            BinaryFunction.ParametricReLU => type == ElementType.Float32,
            _ => type != ElementType.Bool,
        };
        if (!fits || inputs[1] != type)
            throw new NotSupportedException($"{Who(name)}: the inputs are of {inputs[0]} and {inputs[1]}, on which it does not work.");
        return Function >= BinaryFunction.Equal ? ElementType.Bool : type;
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape shape = BroadcastShape.Of(Who(name), inputs);
        return Function == BinaryFunction.ParametricReLU && shape != inputs[0]
            ? throw new ShapeException(
                $"{Who(name)}: the slope has shape {inputs[1]}; expected one that goes together with {inputs[0]} without making it larger.")
            : shape;
    }

    public override bool KeepsBatch(IReadOnlyList<Shape> inputs, IReadOnlyList<bool> isWhole) => BroadcastShape.KeepsBatch(inputs, isWhole);

    public override bool CanOverwrite(int input) => Function < BinaryFunction.Equal;

    public override ForwardStep CreateForward(NodeShapes shapes) => shapes.Types[0] switch
    {
        ElementType.Float32 when Function == BinaryFunction.ParametricReLU =>
            new BinaryStep<float, float, BinaryFunctions.ParametricReLU>(shapes),
        ElementType.Float32 => Arithmetic<float>(shapes) ?? Comparison<float>(shapes),
        ElementType.Int32 => Arithmetic<int>(shapes) ?? Comparison<int>(shapes),
        ElementType.Int64 => Arithmetic<long>(shapes) ?? Comparison<long>(shapes),
        ElementType.UInt8 => Arithmetic<byte>(shapes) ?? Comparison<byte>(shapes),
        _ => Logic(shapes),
    };

    public override bool HasGradient => Function < BinaryFunction.Equal;

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => Function switch
    {
        BinaryFunction.Add => new BinaryBackwardStep<BinaryGradients.Add>(shapes),
        BinaryFunction.Subtract => new BinaryBackwardStep<BinaryGradients.Subtract>(shapes),
        BinaryFunction.Multiply => new BinaryBackwardStep<BinaryGradients.Multiply>(shapes),
        BinaryFunction.Divide => new BinaryBackwardStep<BinaryGradients.Divide>(shapes),
        BinaryFunction.Minimum => new BinaryBackwardStep<BinaryGradients.Minimum>(shapes),
        BinaryFunction.Maximum => new BinaryBackwardStep<BinaryGradients.Maximum>(shapes),
        BinaryFunction.Power => new BinaryBackwardStep<BinaryGradients.Power>(shapes),
        BinaryFunction.Modulo => new BinaryBackwardStep<BinaryGradients.Modulo>(shapes),
        BinaryFunction.Remainder => new BinaryBackwardStep<BinaryGradients.Remainder>(shapes),
        BinaryFunction.ParametricReLU => new BinaryBackwardStep<BinaryGradients.ParametricReLU>(shapes),
        _ => throw NoGradient(shapes),
    };

    private ForwardStep? Arithmetic<T>(NodeShapes shapes)
        where T : unmanaged, System.Numerics.INumber<T> => Function switch
        {
            BinaryFunction.Add => new BinaryStep<T, T, BinaryFunctions.Add<T>>(shapes),
            BinaryFunction.Subtract => new BinaryStep<T, T, BinaryFunctions.Subtract<T>>(shapes),
            BinaryFunction.Multiply => new BinaryStep<T, T, BinaryFunctions.Multiply<T>>(shapes),
            BinaryFunction.Divide => new BinaryStep<T, T, BinaryFunctions.Divide<T>>(shapes),
            BinaryFunction.Minimum => new BinaryStep<T, T, BinaryFunctions.Minimum<T>>(shapes),
            BinaryFunction.Maximum => new BinaryStep<T, T, BinaryFunctions.Maximum<T>>(shapes),
            BinaryFunction.Power => new BinaryStep<T, T, BinaryFunctions.Power<T>>(shapes),
            BinaryFunction.Modulo => new BinaryStep<T, T, BinaryFunctions.Modulo<T>>(shapes),
            BinaryFunction.Remainder => new BinaryStep<T, T, BinaryFunctions.Remainder<T>>(shapes),
            _ => null,
        };

    private ForwardStep Comparison<T>(NodeShapes shapes)
        where T : unmanaged, System.Numerics.INumber<T> => Function switch
        {
            BinaryFunction.Equal => new BinaryStep<T, bool, BinaryFunctions.Equal<T>>(shapes),
            BinaryFunction.Greater => new BinaryStep<T, bool, BinaryFunctions.Greater<T>>(shapes),
            BinaryFunction.GreaterOrEqual => new BinaryStep<T, bool, BinaryFunctions.GreaterOrEqual<T>>(shapes),
            BinaryFunction.Less => new BinaryStep<T, bool, BinaryFunctions.Less<T>>(shapes),
            _ => new BinaryStep<T, bool, BinaryFunctions.LessOrEqual<T>>(shapes),
        };

    private ForwardStep Logic(NodeShapes shapes) => Function switch
    {
        BinaryFunction.And => new BinaryStep<bool, bool, BinaryFunctions.And>(shapes),
        BinaryFunction.Or => new BinaryStep<bool, bool, BinaryFunctions.Or>(shapes),
        BinaryFunction.ExclusiveOr => new BinaryStep<bool, bool, BinaryFunctions.ExclusiveOr>(shapes),
        _ => new BinaryStep<bool, bool, BinaryFunctions.Same>(shapes),
    };
}
