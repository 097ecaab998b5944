using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>The rules that say why a vector is none for CNNs in one and two dimensions of float32.</summary>
internal static class VectorScope
{
    private static readonly HashSet<string> s_operators =
    [
        "Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool",
        "BatchNormalization", "InstanceNormalization", "LRN", "LayerNormalization", "GroupNormalization", "MeanVarianceNormalization",
        "Gemm", "MatMul",
        "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Softplus", "Softsign", "Gelu",
        "Mish", "ThresholdedRelu",
        "Clip", "Softmax", "LogSoftmax", "Resize", "Upsample", "Pad", "Concat", "Split", "Slice", "Flatten", "Reshape", "Squeeze",
        "Unsqueeze", "Transpose",
        "Expand", "Tile", "Gather", "Dropout", "DepthToSpace", "SpaceToDepth",
        "Add", "Sub", "Mul", "Div", "Max", "Min", "Mean", "Sum", "Pow", "Mod", "Sqrt", "Exp", "Log", "Abs", "Neg", "Reciprocal", "Erf",
        "Sign", "Floor", "Ceil", "Round", "Sin", "Cos",
        "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceProd", "ReduceLogSum", "ReduceLogSumExp",
        "ReduceSumSquare",
        "ArgMax", "ArgMin", "TopK", "Identity", "Constant", "ConstantOfShape", "Shape", "Size", "Cast", "Where",
        "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor", "Not", "Range",
    ];

    /// <summary>Why the vector is out of scope; null where it is in scope.</summary>
    public static string? Reason(Vector vector)
    {
        ModelProto model = vector.Model();
        if (model.Graph.Node.FirstOrDefault(node =>
            node.Domain is not ("" or "ai.onnx") || !s_operators.Contains(node.OpType)) is { } foreign)
            return $"operator {(foreign.Domain is "" or "ai.onnx" ? "" : foreign.Domain + ".")}{foreign.OpType}";
        foreach (ValueInfoProto value in model.Graph.Input.Concat(model.Graph.Output))
        {
            if (value.Type?.ValueCase != TypeProto.ValueOneofCase.TensorType)
                return "sequence or optional values";
            var type = (TensorProto.Types.DataType)value.Type.TensorType.ElemType;
            if (type is not (TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Int32 or TensorProto.Types.DataType.Int64
                or TensorProto.Types.DataType.Uint8 or TensorProto.Types.DataType.Bool))
                return $"type {type.ToString().ToLowerInvariant()} at run time";
        }

        if (vector.Name.Contains("training_dropout", StringComparison.Ordinal))
            return "Dropout in training mode";
        if (!model.Graph.Node.Any(node => node.OpType is "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool"))
            return null;
        TypeProto.Types.Tensor images = model.Graph.Input[0].Type.TensorType;
        if (images.Shape.Dim.Count == 5)
            return "3-D";
        return images.ElemType == (int)TensorProto.Types.DataType.Float ? null : "images of other types than float32";
    }
}
