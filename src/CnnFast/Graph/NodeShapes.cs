namespace CnnFast.Graphs;

/// <summary>What the steps of a node are created for.</summary>
/// <param name="Name">The node, for error messages.</param>
/// <param name="Inputs">The shape of every input, the batch first.</param>
/// <param name="Output">The shape of the output, the batch first.</param>
/// <param name="ConvAlgorithm">How convolutions are computed.</param>
internal sealed record NodeShapes(string Name, IReadOnlyList<Shape> Inputs, Shape Output, ConvAlgorithm ConvAlgorithm)
{
    /// <summary>The shape of the first, most often the only, input.</summary>
    public Shape Input => Inputs[0];
}
