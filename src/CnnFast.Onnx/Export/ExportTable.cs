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
        [typeof(ActivationOperation)] = node => ActivationExport.Layer(node, ((ActivationOperation)node.Operation).Activation),
        [typeof(LeakyReLUOperation)] = node => ActivationExport.LeakyReLU(node, (LeakyReLUOperation)node.Operation),
        [typeof(SoftmaxOperation)] = ActivationExport.Softmax,
        [typeof(BatchNormalizationOperation)] = node => NormalizationExport.BatchNormalization(node, (BatchNormalizationOperation)node.Operation),
        [typeof(RescalingOperation)] = node => NormalizationExport.Rescaling(node, (RescalingOperation)node.Operation),
        [typeof(UpSampling2DOperation)] = node => ResizeExport.UpSampling(node, (UpSampling2DOperation)node.Operation),
        [typeof(ZeroPadding2DOperation)] = node => ResizeExport.ZeroPadding(node, (ZeroPadding2DOperation)node.Operation),
        [typeof(FlattenOperation)] = ShapeExport.Flatten,
        [typeof(ReshapeOperation)] = ShapeExport.Reshape,
        [typeof(DropoutOperation)] = node => node.Forward(0),
        [typeof(AddOperation)] = node => CombineExport.Elementwise(node, "Add"),
        [typeof(MultiplyOperation)] = CombineExport.Multiply,
        [typeof(ConcatenateOperation)] = CombineExport.Concatenate,
    };

    /// <summary>Whether an operation has an ONNX form.</summary>
    public static bool Knows(Operation operation) => Writers.ContainsKey(operation.GetType());

    /// <summary>Writes one node.</summary>
    /// <exception cref="NotSupportedException">The operation has no ONNX form.</exception>
    public static void Write(NodeExport node)
    {
        if (!Writers.TryGetValue(node.Operation.GetType(), out Action<NodeExport>? write))
            throw new NotSupportedException($"OnnxModel.Export: {node.Who}: layers of the kind {node.Operation.Kind} have no ONNX form here; nothing was written.");
        write(node);
    }
}
