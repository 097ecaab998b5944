namespace CnnFast.Graphs;

/// <summary>The operations that a model file may name, one line each.</summary>
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
        ["ReLU"] = _ => new ActivationOperation(Activation.ReLU),
        ["ReLU6"] = _ => new ActivationOperation(Activation.ReLU6),
        ["LeakyReLU"] = LeakyReLUOperation.Read,
        ["SiLU"] = _ => new ActivationOperation(Activation.SiLU),
        ["HardSwish"] = _ => new ActivationOperation(Activation.HardSwish),
        ["Sigmoid"] = _ => new ActivationOperation(Activation.Sigmoid),
        ["Tanh"] = _ => new ActivationOperation(Activation.Tanh),
        ["Softmax"] = _ => new SoftmaxOperation(),
        ["Dropout"] = DropoutOperation.Read,
        ["Add"] = _ => new AddOperation(),
        ["Multiply"] = _ => new MultiplyOperation(),
        ["Rescaling"] = RescalingOperation.Read,
        ["Reshape"] = ReshapeOperation.Read,
        ["ZeroPadding2D"] = ZeroPadding2DOperation.Read,
        ["GlobalMaxPool2D"] = _ => new GlobalMaxPool2DOperation(),
        ["UpSampling2D"] = UpSampling2DOperation.Read,
        ["Concatenate"] = _ => new ConcatenateOperation(),
    };

    /// <summary>The kinds that exist.</summary>
    public static IEnumerable<string> Kinds => Readers.Keys;

    /// <summary>Whether model files know an operation.</summary>
    public static bool Knows(Operation operation) => operation is not (TensorOperation or Compile.InferenceOperation) && Readers.ContainsKey(operation.Kind);

    /// <summary>Creates an operation from its kind and attributes; null when there is no such kind.</summary>
    /// <exception cref="ModelFormatException">An attribute is missing, unknown or of the wrong type.</exception>
    /// <exception cref="ArgumentException">An attribute is out of range.</exception>
    public static Operation? Create(string kind, AttributeReader attributes)
    {
        if (!Readers.TryGetValue(kind, out Func<AttributeReader, Operation>? read))
            return null;
        Operation operation = read(attributes);
        attributes.RequireAllRead();
        operation.Validate(attributes.Who);
        return operation;
    }
}
