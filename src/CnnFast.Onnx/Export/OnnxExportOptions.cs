namespace CnnFast.Onnx;

/// <summary>How a model is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The oldest operator set that is written.</summary>
    public const int MinOpset = 17;

    /// <summary>The newest operator set that is written.</summary>
    public const int MaxOpset = 23;

    /// <summary>The version of the ONNX operator set, from <see cref="MinOpset"/> to <see cref="MaxOpset"/>; 17 unless given.</summary>
    public int Opset { get; init; } = MinOpset;

    /// <summary>
    /// The order of the dimensions of images at the model's inputs and outputs; inside, images are <c>[N, C, H, W]</c> either way.
    /// </summary>
    public OnnxLayout Layout { get; init; }

    /// <summary>
    /// Whether batch normalisation goes into the weights of the convolution or dense layer before it, where that has no activation; else it
    /// is kept, so that the weights keep their values.
    /// </summary>
    public bool FoldBatchNormalization { get; init; }

    /// <summary>
    /// The version of the file format that came with the operator set (ONNX, "Versioning", the table of released versions).
    /// </summary>
    internal int IrVersion => Opset switch
    {
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        _ => 11,
    };

    internal void Validate()
    {
        if (Opset is < MinOpset or > MaxOpset)
            throw new ArgumentOutOfRangeException("options", $"OnnxModel.Export: Opset is {Opset}; expected {MinOpset} to {MaxOpset}.");
        if (!Enum.IsDefined(Layout))
            throw new ArgumentOutOfRangeException("options",
                $"OnnxModel.Export: Layout is {(int)Layout}; expected one of {string.Join(", ", Enum.GetNames<OnnxLayout>())}.");
    }
}
