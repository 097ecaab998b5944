namespace CnnFast.Onnx.Import;

/// <summary>How a model is run on tensors.</summary>
/// <param name="Outputs">The names of the values to compute: outputs of the model, or of any of its nodes.</param>
/// <param name="MaxThreads">The most threads of the run; 0 for all.</param>
/// <param name="ConvAlgorithm">How convolutions are computed.</param>
internal sealed record OnnxRunOptions(IReadOnlyList<string> Outputs, int MaxThreads, ConvAlgorithm ConvAlgorithm)
{
    /// <summary>Tells plans of one model apart.</summary>
    public string Key => $"{MaxThreads} {ConvAlgorithm} {string.Join('\n', Outputs)}";
}
