namespace CnnFast.Onnx.Reading;

/// <summary>Where the bytes of a tensor's elements are.</summary>
/// <param name="Source">What holds them.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many they are.</param>
internal readonly record struct TensorData(ByteSource Source, long Offset, long Length);
