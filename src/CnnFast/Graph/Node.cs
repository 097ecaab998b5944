namespace CnnFast.Graphs;

/// <summary>
/// One operation in a graph: what it reads, what it computes and the parameters it holds. Immutable but for the parameters' values.
/// </summary>
/// <param name="Name">The unique name of the layer.</param>
/// <param name="Operation">What is computed.</param>
/// <param name="Inputs">The values that it reads.</param>
/// <param name="Output">The value that it computes.</param>
/// <param name="Parameters">Its parameters in the order of <see cref="Operation.DescribeParameters"/>.</param>
internal sealed record Node(string Name, Operation Operation, IReadOnlyList<ValueInfo> Inputs, ValueInfo Output,
    IReadOnlyList<Parameter> Parameters)
{
    /// <summary>The shapes of the inputs for a batch.</summary>
    public Shape[] InputShapes(int batch)
    {
        var shapes = new Shape[Inputs.Count];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = Inputs[i].ShapeFor(batch);
        return shapes;
    }

    /// <summary>The sizes that the node's steps are created for.</summary>
    public NodeShapes ShapesFor(int batch, ConvAlgorithm algorithm) => new(Name, InputShapes(batch), Output.ShapeFor(batch), algorithm)
    {
        Types = [.. Inputs.Select(input => input.Type)],
    };

    /// <summary>Multiply-adds of one sample.</summary>
    public long MultiplyAdds => Operation.CountMultiplyAdds(Name, InputShapes(1));
}
