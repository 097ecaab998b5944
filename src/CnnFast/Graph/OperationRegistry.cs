using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>
/// The operations that a model file may name, one line each; functions of single elements are those of <see cref="ElementFunctions"/>.
/// </summary>
internal static class OperationRegistry
{
    private static readonly Dictionary<string, Func<AttributeReader, Operation>> Readers = new()
    {
        ["Conv2D"] = Conv2DOperation.Read,
        ["Conv2DTranspose"] = Conv2DTransposeOperation.Read,
        ["DepthwiseConv2D"] = DepthwiseConv2DOperation.Read,
        ["MaxPool2D"] = MaxPool2DOperation.Read,
        ["AveragePool2D"] = AveragePool2DOperation.Read,
        ["GlobalAveragePool2D"] = _ => new GlobalAveragePool2DOperation(),
        ["BatchNormalization"] = BatchNormalizationOperation.Read,
        ["Dense"] = DenseOperation.Read,
        ["Flatten"] = _ => new FlattenOperation(),
        ["Softmax"] = _ => new SoftmaxOperation(),
        ["Dropout"] = DropoutOperation.Read,
        ["PReLU"] = _ => new PReLUOperation(),
        ["Add"] = _ => new AddOperation(),
        ["Multiply"] = _ => new MultiplyOperation(),
        ["Rescaling"] = RescalingOperation.Read,
        ["Reshape"] = ReshapeOperation.Read,
        ["ZeroPadding2D"] = ZeroPadding2DOperation.Read,
        ["GlobalMaxPool2D"] = _ => new GlobalMaxPool2DOperation(),
        ["UpSampling2D"] = UpSampling2DOperation.Read,
        ["Concatenate"] = _ => new ConcatenateOperation(),
        ["GroupNormalization"] = GroupNormalizationOperation.Read,
        ["InstanceNormalization"] = InstanceNormalizationOperation.Read,
        ["LayerNormalization"] = LayerNormalizationOperation.Read,
        ["Resizing"] = ResizingOperation.Read,
        ["AdaptiveAveragePool2D"] = AdaptiveAveragePool2DOperation.Read,
        ["AdaptiveMaxPool2D"] = AdaptiveMaxPool2DOperation.Read,
        ["SpatialDropout"] = SpatialDropoutOperation.Read,
        ["PixelShuffle"] = PixelShuffleOperation.Read,
        ["Conv1D"] = Conv1DOperation.Read,
        ["MaxPool1D"] = MaxPool1DOperation.Read,
        ["AveragePool1D"] = AveragePool1DOperation.Read,
        ["GlobalMaxPool1D"] = _ => new GlobalMaxPool1DOperation(),
        ["GlobalAveragePool1D"] = _ => new GlobalAveragePool1DOperation(),
        ["Tensor.Argument"] = ArgumentOperation.Read,
        ["Tensor.Binary"] = BinaryOperation.Read,
        ["Tensor.Cast"] = CastOperation.Read,
        ["Tensor.ChannelAffine"] = _ => new ChannelAffineOperation(),
        ["Tensor.Concatenate"] = _ => new ConcatenateTensorsOperation(),
        ["Tensor.Constant"] = ConstantOperation.Read,
        ["Tensor.Gather"] = _ => new GatherOperation(),
        ["Tensor.Interpolate"] = InterpolateOperation.Read,
        ["Tensor.LocalResponse"] = LocalResponseOperation.Read,
        ["Tensor.LogSoftmax"] = _ => new LogSoftmaxOperation(),
        ["Tensor.MatrixProduct"] = _ => new MatrixProductOperation(),
        ["Tensor.MaxPoolIndices"] = MaxPoolIndicesOperation.Read,
        ["Tensor.Normalize"] = NormalizeOperation.Read,
        ["Tensor.Reduce"] = ReduceOperation.Read,
        ["Tensor.Reshape"] = ReshapeWholeOperation.Read,
        ["Tensor.RuntimeWeights"] = RuntimeWeightsOperation.Read,
        ["Tensor.Select"] = SelectOperation.Read,
        ["Tensor.StridedView"] = StridedViewOperation.Read,
        ["Tensor.Top"] = TopOperation.Read,
        ["Tensor.Transpose"] = TransposeOperation.Read,
        ["Tensor.Unary"] = UnaryOperation.Read,
        ["Tensor.Where"] = _ => new WhereOperation(),
    };

    /// <summary>The kinds that exist.</summary>
    public static IEnumerable<string> Kinds => [.. Readers.Keys, .. ElementFunctions.All.Select(function => function.Name)];

    /// <summary>Whether model files know an operation.</summary>
    public static bool Knows(Operation operation) =>
        operation is FunctionOperation || (operation.FileKind is { } kind && Readers.ContainsKey(kind));

    /// <summary>Whether an operation is one of imported models, which readers of format versions 1 and 2 do not know.</summary>
    public static bool IsImported(Operation operation) =>
        HoldsSizes(operation) || operation is PReLUOperation || FunctionOf(operation) is { FileVersion: > 2 };

    /// <summary>Whether readers of format versions 1 to 3 do not know an operation, or not with its options.</summary>
    public static bool IsOfVersion4(Operation operation) => operation switch
    {
        SampleNormalizationOperation or SpatialDropoutOperation => true,
        ResizingOperation or AdaptivePool2DOperation or PixelShuffleOperation => true,
        Conv1DOperation or MaxPool1DOperation or AveragePool1DOperation or GlobalMaxPool1DOperation or GlobalAveragePool1DOperation => true,
        BatchNormalizationOperation normalization => normalization.UnbiasedVariance,
        Conv2DTransposeOperation t => t.OutputPaddingH >= t.Window.StrideH || t.OutputPaddingW >= t.Window.StrideW,
        _ => false,
    };

    /// <summary>Whether an operation may hold numbers that belong to one size of the model's inputs.</summary>
    public static bool HoldsSizes(Operation operation) => operation is TensorOperation or ReshapeWholeOperation;

    // The function that an operation is, or applies to its sums.
    private static ElementFunction? FunctionOf(Operation operation) => operation switch
    {
        FunctionOperation function => function.Function,
        IConvolution convolution => ElementFunctions.Of(convolution.Activation),
        _ => null,
    };

    /// <summary>Creates an operation from its kind and attributes; null when there is no such kind.</summary>
    /// <exception cref="ModelFormatException">An attribute is missing, unknown or of the wrong type.</exception>
    /// <exception cref="ArgumentException">An attribute is out of range.</exception>
    public static Operation? Create(string kind, AttributeReader attributes)
    {
        Operation operation;
        if (Readers.TryGetValue(kind, out Func<AttributeReader, Operation>? read))
            operation = read(attributes);
        else if (ElementFunctions.Named(kind) is { } function)
            operation = FunctionOperation.Read(function, attributes);
        else
            return null;
        attributes.RequireAllRead();
        operation.Validate(attributes.Who);
        return operation;
    }
}
