namespace CnnFast.Onnx;

/// <summary>An input or output of an ONNX model.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="ElementType">What its elements are.</param>
/// <param name="Dimensions">Its dimensions in ONNX's order, −1 where the file leaves one open; null where it
/// says nothing of the shape.</param>
public sealed record OnnxTensorInfo(string Name, ElementType ElementType, IReadOnlyList<int>? Dimensions)
{
    /// <summary>Such as <c>x: Float32 [?, 3, 48, 192]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {ElementType} {Sizes}";

    private string Sizes => Dimensions is null
        ? "of any shape"
        : $"[{string.Join(", ", Dimensions.Select(dimension => dimension < 0 ? "?" : $"{dimension}"))}]";
}
