using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>How each operation is written as ONNX, one line each; the writers stand in one file for each family.</summary>
internal static class ExportTable
{
    private static readonly Dictionary<Type, Action<NodeExport>> Writers = new()
    {
        [typeof(Conv2DOperation)] = node => ConvolutionExport.Convolution(node, (Conv2DOperation)node.Operation),
        [typeof(DepthwiseConv2DOperation)] = node => ConvolutionExport.Convolution(node, (DepthwiseConv2DOperation)node.Operation),
        [typeof(Conv2DTransposeOperation)] = node => ConvolutionExport.Transposed(node, (Conv2DTransposeOperation)node.Operation),
        [typeof(DenseOperation)] = node => DenseExport.Dense(node, (DenseOperation)node.Operation),
        [typeof(MaxPool2DOperation)] = node => PoolExport.Max(node, ((MaxPool2DOperation)node.Operation).Window),
        [typeof(AveragePool2DOperation)] = node => PoolExport.Average(node, (AveragePool2DOperation)node.Operation),
        [typeof(GlobalAveragePool2DOperation)] = node => PoolExport.Global(node, "GlobalAveragePool"),
        [typeof(GlobalMaxPool2DOperation)] = node => PoolExport.Global(node, "GlobalMaxPool"),
        [typeof(FunctionOperation)] = node => ActivationExport.Layer(node, (FunctionOperation)node.Operation),
        [typeof(PReLUOperation)] = ActivationExport.PReLU,
        [typeof(SoftmaxOperation)] = node => ActivationExport.Softmax(node),
        [typeof(BatchNormalizationOperation)] = node =>
            NormalizationExport.BatchNormalization(node, (BatchNormalizationOperation)node.Operation),
        [typeof(RescalingOperation)] = node => NormalizationExport.Rescaling(node, (RescalingOperation)node.Operation),
        [typeof(UpSampling2DOperation)] = node => ResizeExport.UpSampling(node, (UpSampling2DOperation)node.Operation),
        [typeof(ZeroPadding2DOperation)] = node => ResizeExport.ZeroPadding(node, (ZeroPadding2DOperation)node.Operation),
        [typeof(ResizingOperation)] = node => ResizeExport.Resizing(node, (ResizingOperation)node.Operation),
        [typeof(PixelShuffleOperation)] = node => ResizeExport.PixelShuffle(node, (PixelShuffleOperation)node.Operation),
        [typeof(AdaptiveAveragePool2DOperation)] = node =>
            AdaptivePoolExport.Average(node, (AdaptiveAveragePool2DOperation)node.Operation),
        [typeof(AdaptiveMaxPool2DOperation)] = node => AdaptivePoolExport.Max(node, (AdaptiveMaxPool2DOperation)node.Operation),
        [typeof(LayerNormalizationOperation)] = node =>
            GroupNormalizationExport.Layer(node, (LayerNormalizationOperation)node.Operation),
        [typeof(GroupNormalizationOperation)] = node =>
            GroupNormalizationExport.Groups(node, (GroupNormalizationOperation)node.Operation),
        [typeof(InstanceNormalizationOperation)] = node =>
            GroupNormalizationExport.Groups(node, (InstanceNormalizationOperation)node.Operation),
        [typeof(Conv1DOperation)] = node => SequenceExport.Convolution(node, (Conv1DOperation)node.Operation),
        [typeof(MaxPool1DOperation)] = node => SequenceExport.Max(node, (MaxPool1DOperation)node.Operation),
        [typeof(AveragePool1DOperation)] = node => SequenceExport.Average(node, (AveragePool1DOperation)node.Operation),
        [typeof(GlobalMaxPool1DOperation)] = node => node.Define(Reduced(node, "ReduceMax"), TensorOrder.Natural),
        [typeof(GlobalAveragePool1DOperation)] = node => node.Define(Reduced(node, "ReduceMean"), TensorOrder.Natural),
        [typeof(SpatialDropoutOperation)] = node => node.Forward(0),
        [typeof(FlattenOperation)] = ShapeExport.Flatten,
        [typeof(ReshapeOperation)] = ShapeExport.Reshape,
        [typeof(DropoutOperation)] = node => node.Forward(0),
        [typeof(AddOperation)] = node => CombineExport.Elementwise(node, "Add"),
        [typeof(MultiplyOperation)] = CombineExport.Multiply,
        [typeof(ConcatenateOperation)] = CombineExport.Concatenate,
        [typeof(LogSoftmaxOperation)] = node => ActivationExport.Softmax(node, "LogSoftmax"),
        [typeof(ChannelAffineOperation)] = NormalizationExport.ChannelAffine,
        [typeof(NormalizeOperation)] = node => NormalizationExport.Normalize(node, (NormalizeOperation)node.Operation),
        [typeof(LocalResponseOperation)] = node => NormalizationExport.LocalResponse(node, (LocalResponseOperation)node.Operation),
        [typeof(ReshapeWholeOperation)] = ShapeExport.Reshape,
        [typeof(ConstantOperation)] = node => node.DefineConstant((ConstantOperation)node.Operation),
        [typeof(UnaryOperation)] = node => ElementwiseExport.Unary(node, (UnaryOperation)node.Operation),
        [typeof(BinaryOperation)] = node => ElementwiseExport.Binary(node, (BinaryOperation)node.Operation),
        [typeof(CastOperation)] = node => ElementwiseExport.Cast(node, (CastOperation)node.Operation),
        [typeof(WhereOperation)] = ElementwiseExport.Where,
        [typeof(ConcatenateTensorsOperation)] = CombineExport.ConcatenateTensors,
        [typeof(TransposeOperation)] = node => ArrangementExport.Transpose(node, (TransposeOperation)node.Operation),
        [typeof(StridedViewOperation)] = node => ArrangementExport.StridedView(node, (StridedViewOperation)node.Operation),
        [typeof(SelectOperation)] = node => ArrangementExport.Select(node, (SelectOperation)node.Operation),
        [typeof(GatherOperation)] = node =>
            node.Define(node.Emit("Gather", [node.Natural(0), node.Natural(1)], Attribute.Integer("axis", 2)), TensorOrder.Natural),
        [typeof(InterpolateOperation)] = node => InterpolationExport.Interpolate(node, (InterpolateOperation)node.Operation),
        [typeof(ReduceOperation)] = node => ReductionExport.Reduce(node, (ReduceOperation)node.Operation),
        [typeof(ArgumentOperation)] = node => ReductionExport.Argument(node, (ArgumentOperation)node.Operation),
        [typeof(TopOperation)] = node => ReductionExport.Top(node, (TopOperation)node.Operation),
        [typeof(MaxPoolIndicesOperation)] = node => PoolExport.Indices(node, (MaxPoolIndicesOperation)node.Operation),
        [typeof(MatrixProductOperation)] = node =>
            node.Define(node.Emit("MatMul", [node.Natural(0), node.Natural(1)]), TensorOrder.Natural),
        [typeof(RuntimeWeightsOperation)] = node => RuntimeWeights(node, ((RuntimeWeightsOperation)node.Operation).Inner),
    };

    // Over the places of a sequence, which disappear.
    private static string Reduced(NodeExport node, string kind) =>
        node.Reshape(node.Reduce(kind, node.Natural(0), 1), 0, node.Output[0]);

    private static void RuntimeWeights(NodeExport node, Operation inner)
    {
        switch (inner)
        {
            case Conv2DTransposeOperation transposed:
                ConvolutionExport.Transposed(node, transposed);
                break;
            case ConvolutionOperation convolution:
                ConvolutionExport.Convolution(node, convolution);
                break;
            case DenseOperation dense:
                DenseExport.Dense(node, dense);
                break;
            case BatchNormalizationOperation normalization:
                NormalizationExport.BatchNormalization(node, normalization);
                break;
            case ChannelAffineOperation:
                NormalizationExport.ChannelAffine(node);
                break;
            default:
                throw new NotSupportedException(
                    $"OnnxModel.Export: {node.Who}: computed weights have no ONNX form here; nothing was written.");
        }
    }

    /// <summary>Whether an operation has an ONNX form.</summary>
    public static bool Knows(Operation operation) => Writers.ContainsKey(operation.GetType());

    /// <summary>Writes one node.</summary>
    /// <exception cref="NotSupportedException">The operation has no ONNX form.</exception>
    public static void Write(NodeExport node)
    {
        if (!Writers.TryGetValue(node.Operation.GetType(), out Action<NodeExport>? write))
            throw new NotSupportedException(
                $"OnnxModel.Export: {node.Who}: layers of the kind {node.Operation.Kind} have no ONNX form here; nothing was written.");
        write(node);
    }
}
