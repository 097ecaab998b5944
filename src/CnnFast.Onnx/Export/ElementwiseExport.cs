using CnnFast.Graphs;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Export;

/// <summary>Functions of single elements of imported models.</summary>
internal static class ElementwiseExport
{
    public static void Unary(NodeExport node, UnaryOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        string x = node.Input(0, order);
        string result = operation.Function switch
        {
            UnaryFunction.SELU =>
                node.Emit("Selu", [x], Attribute.Number("alpha", operation.Alpha), Attribute.Number("gamma", operation.Beta)),
            UnaryFunction.CELU => node.Emit("Celu", [x], Attribute.Number("alpha", operation.Alpha)),
            UnaryFunction.ThresholdedReLU => node.Emit("ThresholdedRelu", [x], Attribute.Number("alpha", operation.Alpha)),
            UnaryFunction.Shrink =>
                node.Emit("Shrink", [x], Attribute.Number("lambd", operation.Alpha), Attribute.Number("bias", operation.Beta)),
            UnaryFunction.IsInfinite => node.Emit("IsInf", [x], Attribute.Integer("detect_negative", operation.Alpha != 0 ? 1 : 0),
                Attribute.Integer("detect_positive", operation.Beta != 0 ? 1 : 0)),
            UnaryFunction.RoundToHalf => node.Emit("Cast",
                [node.Emit("Cast", [x], Attribute.Integer("to", (int)TensorProto.Types.DataType.Float16))],
                Attribute.Integer("to", (int)TensorProto.Types.DataType.Float)),
            _ => node.Emit(NameOf(operation.Function), [x]),
        };
        node.Define(result, order, node.Value(0).Image);
    }

    public static void Binary(NodeExport node, BinaryOperation operation)
    {
        TensorOrder order = node.BroadcastOrder();
        (string a, string b) = (node.Input(0, order), node.Input(1, order));
        string result = operation.Function switch
        {
            BinaryFunction.Modulo when node.TypeOf(0) == ElementType.Float32 => FloorModulo(node, a, b),
            BinaryFunction.Remainder => Remainder(node, a, b),
            _ => node.Emit(NameOf(operation.Function), [a, b]),
        };
        node.Define(result, order, node.Value(0).Image);
    }

    public static void Cast(NodeExport node, CastOperation operation)
    {
        TensorOrder order = node.CommonOrder();
        node.Define(node.Emit("Cast", [node.Input(0, order)], Attribute.Integer("to", (int)GraphExport.DataTypeOf(operation.To))), order,
            node.Value(0).Image);
    }

    public static void Where(NodeExport node)
    {
        TensorOrder order = node.BroadcastOrder();
        node.Define(node.Emit("Where", [node.Input(0, order), node.Input(1, order), node.Input(2, order)]), order, node.Value(0).Image);
    }

    private static string Remainder(NodeExport node, string a, string b) => node.Emit("Mod", [a, b], Attribute.Integer("fmod", 1));

    // ONNX has no Mod of floats with the sign of the divisor: the remainder, and the divisor added where the signs differ.
    private static string FloorModulo(NodeExport node, string a, string b)
    {
        string rest = Remainder(node, a, b);
        string zero = node.Constant("zero", [0f]);
        string differs = node.Emit("Xor", [node.Emit("Less", [rest, zero]), node.Emit("Less", [b, zero])]);
        string isRest = node.Emit("Not", [node.Emit("Equal", [rest, zero])]);
        return node.Emit("Where", [node.Emit("And", [differs, isRest]), node.Emit("Add", [rest, b]), rest]);
    }

    private static string NameOf(UnaryFunction function) => function switch
    {
        UnaryFunction.SquareRoot => "Sqrt",
        UnaryFunction.Exponential => "Exp",
        UnaryFunction.Logarithm => "Log",
        UnaryFunction.Absolute => "Abs",
        UnaryFunction.Negate => "Neg",
        UnaryFunction.Ceiling => "Ceil",
        UnaryFunction.Sine => "Sin",
        UnaryFunction.Cosine => "Cos",
        UnaryFunction.Tangent => "Tan",
        UnaryFunction.ArcSine => "Asin",
        UnaryFunction.ArcCosine => "Acos",
        UnaryFunction.ArcTangent => "Atan",
        UnaryFunction.HyperbolicSine => "Sinh",
        UnaryFunction.HyperbolicCosine => "Cosh",
        UnaryFunction.ArcHyperbolicSine => "Asinh",
        UnaryFunction.ArcHyperbolicCosine => "Acosh",
        UnaryFunction.ArcHyperbolicTangent => "Atanh",
        _ => function.ToString(),
    };

    private static string NameOf(BinaryFunction function) => function switch
    {
        BinaryFunction.Subtract => "Sub",
        BinaryFunction.Multiply => "Mul",
        BinaryFunction.Divide => "Div",
        BinaryFunction.Minimum => "Min",
        BinaryFunction.Maximum => "Max",
        BinaryFunction.Power => "Pow",
        BinaryFunction.Modulo => "Mod",
        BinaryFunction.ParametricReLU => "PRelu",
        BinaryFunction.GreaterOrEqual => "GreaterOrEqual",
        BinaryFunction.LessOrEqual => "LessOrEqual",
        BinaryFunction.ExclusiveOr => "Xor",
        _ => function.ToString(),
    };
}
