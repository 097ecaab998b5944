using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>A function of every element.</summary>
/// <param name="Function">The function.</param>
/// <param name="Alpha">Its first number.</param>
/// <param name="Beta">Its second number.</param>
internal sealed record UnaryOperation(UnaryFunction Function, float Alpha = 0, float Beta = 0) : TensorOperation
{
    public override string Kind => Function.ToString();

    public override string FileKind => "Tensor.Unary";

    /// <summary>Reads one; older files hold functions here that have kernels now.</summary>
    public static Operation Read(AttributeReader json)
    {
        (float alpha, float beta) = (json.Number("alpha"), json.Number("beta"));
        return ElementFunctions.Named(json.Text("function")) is { } function
            ? new FunctionOperation(function, alpha, beta)
            : new UnaryOperation(json.Choice<UnaryFunction>("function"), alpha, beta);
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteString("function", Function.ToString());
        json.WriteFloat("alpha", Alpha);
        json.WriteFloat("beta", Beta);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ElementType InferType(string name, IReadOnlyList<ElementType> inputs)
    {
        ElementType type = inputs[0];
        bool fits = Function switch
        {
            UnaryFunction.Not => type == ElementType.Bool,
            UnaryFunction.Absolute or UnaryFunction.Negate or UnaryFunction.Sign => type != ElementType.Bool,
            _ => type == ElementType.Float32,
        };
        if (!fits)
            throw new NotSupportedException($"{Who(name)}: the input is of {type}, on which it does not work.");
        return Function is UnaryFunction.IsNaN or UnaryFunction.IsInfinite ? ElementType.Bool : type;
    }

    public override bool CanOverwrite(int input) => Function is not (UnaryFunction.IsNaN or UnaryFunction.IsInfinite);

    public override bool HasGradient => Function is not (UnaryFunction.Floor or UnaryFunction.Ceiling or UnaryFunction.Round
        or UnaryFunction.Sign or UnaryFunction.Not or UnaryFunction.IsNaN or UnaryFunction.IsInfinite);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new UnaryBackwardStep(this);

    public override ForwardStep CreateForward(NodeShapes shapes) => new UnaryStep(this, shapes.Types[0]);
}
