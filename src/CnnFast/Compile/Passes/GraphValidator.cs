using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>Holds a graph that a pass made to the rules of graphs, so that a wrong pass fails at once and by name.</summary>
internal static class GraphValidator
{
    /// <summary>Throws where the graph is broken.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="pass">The pass that made it.</param>
    /// <exception cref="InvalidOperationException">A value is read before it is computed, is computed twice, has another shape than its
    /// node infers, or an output is never computed.</exception>
    public static void Require(Graph graph, string pass)
    {
        var known = new Dictionary<int, ValueInfo>();
        foreach (ValueInfo input in graph.Inputs)
            known.Add(input.Id, input);
        foreach (Node node in graph.Nodes)
        {
            foreach (ValueInfo input in node.Inputs)
            {
                if (!known.TryGetValue(input.Id, out ValueInfo? value) || value.Shape != input.Shape)
                    throw Broken(pass, $"'{node.Name}' reads '{input.Name}', which is not computed before it");
            }

            node.Operation.RequireInputs(node.Name, node.Inputs);
            Shape inferred = node.Operation.InferShape(node.Name, node.InputShapes(1));
            if (inferred != node.Output.ShapeFor(1))
                throw Broken(pass, $"'{node.Name}' computes {inferred}, but its value has the shape {node.Output.Shape}");
            if (node.Output.Id >= graph.ValueCount || !known.TryAdd(node.Output.Id, node.Output))
                throw Broken(pass, $"'{node.Name}' computes a value that is there already");
        }

        foreach (ValueInfo output in graph.Outputs)
        {
            if (!known.ContainsKey(output.Id))
                throw Broken(pass, $"the output '{output.Name}' is not computed");
        }
    }

    private static InvalidOperationException Broken(string pass, string what) => new($"The graph pass {pass} is wrong: {what}.");
}
