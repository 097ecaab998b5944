namespace CnnFast.Onnx.Conformance.Running;

/// <summary>What runs a model: the library under test, or ONNX Runtime as the oracle.</summary>
internal interface IOnnxRunner
{
    /// <summary>Loads the model once and runs it on each set of inputs, given by name.</summary>
    /// <param name="model">A serialised model.</param>
    /// <param name="inputSets">The tensors of the graph's inputs, set after set; null where one has a type that <see cref="OnnxTensor"/>
    /// does not hold, so that loading has to refuse the model.</param>
    /// <returns>The graph's outputs by name, a set for each of the inputs.</returns>
    IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> Run(ReadOnlyMemory<byte> model,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>>? inputSets);
}
