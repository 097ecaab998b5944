namespace CnnFast.Onnx.Conformance.Running;

/// <summary>The library under test.</summary>
internal sealed class CnnFastRunner : IOnnxRunner
{
    public IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> Run(ReadOnlyMemory<byte> model,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>>? inputSets)
    {
        OnnxModel loaded = OnnxModel.Load(model);
        return inputSets is null
            ? throw new InvalidOperationException("Loaded, though a tensor holds no values of the types of its inputs.")
            : [.. inputSets.Select(loaded.Run)];
    }
}
