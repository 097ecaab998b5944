namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>A model drawn from a seed, with inputs.</summary>
internal interface ISweepModel
{
    /// <summary>What of the model need not be supported; null where all of it has to run.</summary>
    string? MayBeRefused { get; }

    /// <summary>What is fed at run time, set after set.</summary>
    IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> InputSets();

    /// <summary>The model; its outputs are declared with the shapes of the results where those are known.</summary>
    byte[] Model(IReadOnlyDictionary<string, OnnxTensor>? results);
}
