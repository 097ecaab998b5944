namespace CnnFast.Graphs;

/// <summary>Infers the shapes of a graph anew for another input.</summary>
internal static class GraphResize
{
    /// <summary>The same nodes and parameters with other shapes.</summary>
    /// <param name="graph">The graph, with one input.</param>
    /// <param name="sample">The new shape of one sample of the input.</param>
    /// <exception cref="ShapeException">A node does not fit, or its parameters would have other shapes.</exception>
    public static Graph WithInput(Graph graph, Shape sample)
    {
        if (sample.Rank == 0)
            throw new ShapeException("The shape of a sample has no dimension; expected at least one, such as (224, 224, 3).");
        if (graph.Nodes.FirstOrDefault(node => OperationRegistry.HoldsSizes(node.Operation)) is { } fixedNode)
            throw new ShapeException($"{fixedNode.Operation.Kind} '{fixedNode.Name}' was imported for inputs of " +
                $"{ShapeText.OfSample(graph.Inputs[0].Shape)}; expected that size, or the model as OnnxModel.ToModel gives it.");
        var values = new ValueInfo?[graph.ValueCount];
        var input = new ValueInfo(graph.Inputs[0].Id, graph.Inputs[0].Name, sample);
        values[input.Id] = input;
        var nodes = new List<Node>(graph.Nodes.Count);
        foreach (Node node in graph.Nodes)
        {
            ValueInfo[] inputs = [.. node.Inputs.Select(value => values[value.Id]!)];
            Shape[] shapes = [.. inputs.Select(value => value.Shape.WithBatch(1))];
            node.Operation.RequireInputs(node.Name, inputs);
            Shape output = node.Operation.InferShape(node.Name, shapes).WithoutBatch();
            RequireSameParameters(node, shapes, sample);
            var value = new ValueInfo(node.Output.Id, node.Output.Name, output);
            values[value.Id] = value;
            nodes.Add(node with { Inputs = inputs, Output = value });
        }

        return new Graph([input], [.. graph.Outputs.Select(value => values[value.Id]!)], nodes, graph.ValueCount);
    }

    private static void RequireSameParameters(Node node, Shape[] shapes, Shape sample)
    {
        IReadOnlyList<ParameterInfo> expected = node.Operation.DescribeParameters(node.Name, shapes);
        for (int i = 0; i < expected.Count; i++)
        {
            if (expected[i].Shape != node.Parameters[i].Shape)
                throw new ShapeException($"{node.Operation.Kind} '{node.Name}': for inputs of {ShapeText.OfSample(sample)} it would need " +
                    $"'{expected[i].Name}' {expected[i].Shape}, but it has {node.Parameters[i].Shape}; " +
                    $"expected a size that gives it {ShapeText.OfBatch(node.InputShapes(1)[0])}, or a model without layers that depend " +
                    "on the size (such as Dense after Flatten).");
        }
    }
}
