namespace CnnFast.Onnx.Import;

/// <summary>A parameter of a node of the graph, as the ONNX model gives it.</summary>
/// <param name="Fill">Writes the values.</param>
/// <param name="DependsOnShape">Whether they depend on the shapes of the model's inputs.</param>
internal sealed record Weight(Action<Span<float>> Fill, bool DependsOnShape)
{
    /// <summary>Tells apart what graphs of other layouts make of the same weight.</summary>
    public string Form { get; init; } = "";

    /// <summary>A constant as it is.</summary>
    public static Weight Of(Tensor constant) => new(values => constant.Constant!.Values<float>().CopyTo(values), constant.DependsOnShape);

    /// <summary>Numbers.</summary>
    public static Weight Of(float[] values, bool dependsOnShape) => new(values.CopyTo, dependsOnShape);
}
