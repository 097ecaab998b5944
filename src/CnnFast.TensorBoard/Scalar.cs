namespace CnnFast.TensorBoard;

/// <summary>A number under the name by which TensorBoard groups and draws it.</summary>
internal readonly record struct Scalar(string Tag, double Value);
