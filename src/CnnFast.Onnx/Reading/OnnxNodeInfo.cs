namespace CnnFast.Onnx;

/// <summary>A node of an ONNX file. Immutable.</summary>
/// <param name="Label">What messages call it: its name, or its first output where it has none, and its operator; such as
/// <c>node 'conv1' (Conv)</c>.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Outputs">The names of the values that it computes, which <see cref="OnnxRunOptions.Outputs"/> takes.</param>
public sealed record OnnxNodeInfo(string Label, string Operator, IReadOnlyList<string> Outputs);
