namespace CnnFast.Onnx;

/// <summary>How often an operator stands in a file.</summary>
/// <param name="Name">Its name, after that of its domain where this is not ONNX's own.</param>
/// <param name="Count">How many nodes.</param>
/// <param name="IsSupported">Whether it is one that can be imported, some attribute or shape perhaps excepted.</param>
public sealed record OnnxOperatorCount(string Name, int Count, bool IsSupported);
