namespace CnnFast.Files;

/// <summary>A tensor that a model file must hold.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">What its elements are.</param>
/// <param name="Shape">Its shape.</param>
internal readonly record struct ExpectedTensor(string Name, SafetensorsDType DType, Shape Shape);
