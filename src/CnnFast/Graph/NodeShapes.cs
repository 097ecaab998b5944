namespace CnnFast.Graphs;

/// <summary>The sizes that the steps of a node are created for.</summary>
/// <param name="Name">The node, for error messages.</param>
/// <param name="Inputs">The shape of every input, the batch first.</param>
/// <param name="Output">The shape of the output, the batch first.</param>
internal sealed record NodeShapes(string Name, IReadOnlyList<Shape> Inputs, Shape Output)
{
    /// <summary>The shape of the first, most often the only, input.</summary>
    public Shape Input => Inputs[0];
}
