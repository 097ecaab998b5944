namespace CnnFast.Onnx.Import;

/// <summary>A node does not treat samples one by one, so that the graph is built for one size of batch instead.</summary>
internal sealed class NotBatchedException(string what) : Exception(what);
