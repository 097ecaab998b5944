using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>The references of operations, one line each.</summary>
internal static class ReferenceOperations
{
    private static readonly Dictionary<Type, ReferenceOperation> ByType = new List<ReferenceOperation>
    {
        new AdaptiveAveragePool2DReference(),
        new AdaptiveMaxPool2DReference(),
        new AddReference(),
        new AveragePool1DReference(),
        new AveragePool2DReference(),
        new BatchNormalizationReference(),
        new ChannelAffineReference(),
        new ConcatenateReference(),
        new ConstantReference(),
        new ConvolutionReference<ConvolutionOperation>(),
        new ConvolutionReference<DenseOperation>(),
        new DropoutReference(),
        new FunctionReference(),
        new GlobalAveragePool1DReference(),
        new GlobalAveragePool2DReference(),
        new GlobalMaxPool1DReference(),
        new GlobalMaxPool2DReference(),
        new MaxPool1DReference(),
        new MaxPool2DReference(),
        new MultiplyReference(),
        new PReLUReference(),
        new PixelShuffleReference(),
        new RescalingReference(),
        new ResizingReference(),
        new SampleNormalizationReference(),
        new SoftmaxReference(),
        new SpatialDropoutReference(),
        new TensorReference<BinaryOperation>(),
        new TensorReference<CastOperation>(),
        new TensorReference<ConcatenateTensorsOperation>(),
        new TensorReference<GatherOperation>(),
        new TensorReference<InterpolateOperation>(),
        new TensorReference<LocalResponseOperation>(),
        new TensorReference<LogSoftmaxOperation>(),
        new TensorReference<MatrixProductOperation>(),
        new TensorReference<NormalizeOperation>(),
        new TensorReference<ReduceOperation>(),
        new TensorReference<SelectOperation>(),
        new TensorReference<StridedViewOperation>(),
        new TensorReference<TopOperation>(),
        new TensorReference<TransposeOperation>(),
        new TensorReference<UnaryOperation>(),
        new TensorReference<WhereOperation>(),
        new UpSampling2DReference(),
        new ViewReference(),
        new ZeroPadding2DReference(),
    }.ToDictionary(reference => reference.Type);

    /// <summary>The reference of an operation: that of its type, or of the nearest type that it is derived from; null where there is
    /// none.</summary>
    public static ReferenceOperation? Of(Operation operation)
    {
        for (Type? type = operation.GetType(); type is not null; type = type.BaseType)
        {
            if (ByType.TryGetValue(type, out ReferenceOperation? reference))
                return reference;
        }

        return null;
    }

    /// <summary>The same where it has to exist.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static ReferenceOperation Require(Operation operation) => Of(operation)
        ?? throw new NotSupportedException($"ReferenceModel: the operation {operation.Kind} has no reference.");
}
