namespace CnnFast.Onnx.Reading;

/// <summary>The data of a tensor that were left in the file.</summary>
/// <param name="Field">The field of the tensor's message that they are.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many bytes they are.</param>
internal readonly record struct TensorSegment(int Field, long Offset, long Length);
