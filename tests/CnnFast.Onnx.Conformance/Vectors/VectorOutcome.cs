namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>What a vector comes to.</summary>
internal enum VectorOutcome
{
    /// <summary>The outputs are the expected ones.</summary>
    Pass,

    /// <summary>The model is refused with a <see cref="NotSupportedException"/>.</summary>
    NotSupported,

    /// <summary>Another output, another exception, or a refusal of some of its forms only.</summary>
    Fail,
}
