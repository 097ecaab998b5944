namespace CnnFast;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name: that of the input, or of the layer that computes it.</param>
/// <param name="Shape">The shape of one sample, without the batch.</param>
public sealed record TensorInfo(string Name, Shape Shape);
