namespace CnnFast.Onnx.Import;

/// <summary>A parameter of a node of the graph, as the ONNX model gives it.</summary>
/// <param name="Fill">Writes the values.</param>
/// <param name="DependsOnShape">Whether they depend on the shapes of the model's inputs.</param>
internal sealed record Weight(Action<Span<float>> Fill, bool DependsOnShape)
{
    /// <summary>What the values depend on besides the node: how its input lies in memory. Graphs share parameters of one variant.</summary>
    public string Variant { get; init; } = "";

    /// <summary>A constant with its dimensions in some order. It is read when the parameter is made, part by part.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constant">The constant.</param>
    /// <param name="order">Which of its dimensions lies where, outermost first.</param>
    /// <param name="places">Where the indices of the outermost of them go; null where they stay.</param>
    /// <exception cref="DataFormatException">The constant is of another type than float32.</exception>
    public static Weight Of(NodeImport node, Value constant, ReadOnlySpan<int> order, int[]? places = null)
    {
        if (constant.Type != ElementType.Float32)
            throw node.Damaged($"weights are of {constant.Type}; expected Float32");
        int[] kept = order.ToArray();
        return new Weight(values => ConstantCopy.Run(constant, kept, places, values), constant.DependsOnShape);
    }

    /// <summary>Numbers.</summary>
    public static Weight Of(float[] values, bool dependsOnShape) => new(values.CopyTo, dependsOnShape);
}
