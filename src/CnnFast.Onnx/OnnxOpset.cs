namespace CnnFast.Onnx;

/// <summary>A set of operators that an ONNX file uses.</summary>
/// <param name="Domain">Whose operators they are; empty for ONNX's own.</param>
/// <param name="Version">The version of the set.</param>
public sealed record OnnxOpset(string Domain, long Version);
