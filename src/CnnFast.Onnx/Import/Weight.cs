using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>A parameter of a node of the graph, as the ONNX model gives it.</summary>
/// <param name="Source">Where the values are.</param>
/// <param name="Dimensions">The dimensions that the model gives them.</param>
/// <param name="DependsOnShape">Whether they depend on the shapes of the model's inputs.</param>
internal sealed record Weight(IParameterSource Source, int[] Dimensions, bool DependsOnShape)
{
    /// <summary>What the values depend on besides the node: how its input lies in memory. Graphs share parameters of one variant.</summary>
    public string Variant { get; init; } = "";

    /// <summary>Whether it is a number of the model: not the 1, −1 or 0 that an operation has where the model says nothing.</summary>
    public bool IsOfModel { get; init; } = true;

    /// <summary>A constant with its dimensions in some order. It is read when a session or somebody else asks for the values.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constant">The constant.</param>
    /// <param name="order">Which of its dimensions lies where, outermost first.</param>
    /// <param name="places">Where the indices of the outermost of them go; null where they stay.</param>
    /// <param name="scale">What every element is multiplied with.</param>
    /// <exception cref="DataFormatException">The constant is of another type than float32.</exception>
    public static Weight Of(NodeImport node, ImportedValue constant, ReadOnlySpan<int> order, int[]? places = null, float scale = 1)
    {
        if (constant.Type != ElementType.Float32)
            throw node.Damaged($"weights are of {constant.Type}; expected Float32");
        return new Weight(new ConstantSource(constant, order.ToArray(), places, scale), constant.Dimensions, constant.DependsOnShape);
    }

    /// <summary>Numbers.</summary>
    public static Weight Of(float[] values, bool dependsOnShape) => new(new ArraySource(values), [values.Length], dependsOnShape);
}
