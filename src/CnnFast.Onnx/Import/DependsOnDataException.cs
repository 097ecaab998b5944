namespace CnnFast.Onnx.Import;

/// <summary>A node needs to know, when the graph is built, what depends on the data of an input.</summary>
internal sealed class DependsOnDataException(string message) : NotSupportedException(message);
