namespace CnnFast.Onnx;

/// <summary>What an ONNX file says of an input or output, whether or not it is one that can be imported.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its elements are, in words: an <see cref="ElementType"/>, or the file's own word for another one.</param>
/// <param name="Dimensions">Its dimensions in ONNX's order, −1 where one is open; null where the file says nothing of the shape.</param>
public sealed record OnnxValueSummary(string Name, string Type, IReadOnlyList<long>? Dimensions)
{
    /// <summary>Such as <c>x: Float32 [?, 3, 48, 192]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string shape = Dimensions is null
            ? "of any shape"
            : $"[{string.Join(", ", Dimensions.Select(dimension => dimension < 0 ? "?" : $"{dimension}"))}]";
        return $"{Name}: {Type} {shape}";
    }
}
