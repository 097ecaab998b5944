namespace CnnFast.Onnx.Conformance.Running;

/// <summary>What runs a model once: the library under test, or ONNX Runtime as the oracle.</summary>
internal interface IOnnxRunner
{
    /// <summary>Loads the model and runs it on inputs given by name.</summary>
    /// <param name="model">A serialised model.</param>
    /// <param name="inputs">The tensors of the graph's inputs; null where one has a type that <see cref="OnnxTensor"/> does not hold, so that loading has to refuse the model.</param>
    /// <returns>The graph's outputs by name.</returns>
    IReadOnlyDictionary<string, OnnxTensor> Run(ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, OnnxTensor>? inputs);
}
