using CnnFast.Graphs;
using CnnFast.Layers;

namespace CnnFast;

/// <summary>Turns a description made of layers into a graph with fresh parameters.</summary>
internal static class ModelGraphBuilder
{
    public static Graph Build(IReadOnlyList<Input> inputs, IReadOnlyList<ModelNode> outputs, ulong seed)
    {
        Require("input", inputs);
        Require("output", outputs);
        List<ModelNode> order = TopologicalOrder(inputs, outputs);
        var builder = new GraphBuilder([.. order.Select(node => node.FullName)
            .Concat(inputs.Select(input => input.Name))
            .OfType<string>()]);
        var values = new Dictionary<ModelNode, ValueInfo>();
        foreach (Input input in inputs)
            values.Add(input, builder.AddInput(input.Shape, input.Name));
        var inlining = new GraphInlining(builder);
        var calls = new Dictionary<NodeCall, IReadOnlyList<ValueInfo>>(ReferenceEqualityComparer.Instance);
        var names = new Dictionary<Layer, string>(ReferenceEqualityComparer.Instance);
        foreach (ModelNode node in order)
        {
            ValueInfo[] read = [.. node.Inputs.Select(source => values[source])];
            if (node.Call is ModelCall call)
            {
                if (!calls.TryGetValue(call, out IReadOnlyList<ValueInfo>? outputsOfCall))
                    calls.Add(call, outputsOfCall = inlining.Add(call.Model, read, node.Scope));
                values.Add(node, outputsOfCall[node.CallOutput]);
                continue;
            }

            values.Add(node, Add(builder, names, node, read));
        }

        foreach (Input input in inputs)
        {
            if (!order.Any(node => node.Inputs.Contains(input)))
                throw new ArgumentException(outputs.Contains(input) && inputs.Count == 1
                    ? "Model: the output is the input itself; expected at least one layer between them."
                    : $"Model: no output depends on the input '{values[input].Name}'; expected inputs that are read.");
        }

        return SubGraph.WithoutDead(builder.Build([.. outputs.Select(output => values[output])],
            (index, tag, parameter) => Start(seed, index, tag, parameter)));
    }

    /// <summary>The graph of a model with further layers after its only output.</summary>
    public static Graph Extend(Model model, ReadOnlySpan<Layer> layers, ulong seed)
    {
        var probe = new Input(model.OutputShape);
        List<ModelNode> order = TopologicalOrder([probe], [probe.Then(layers)]);
        var builder = new GraphBuilder([.. order.Select(node => node.FullName).OfType<string>()]);
        var inlining = new GraphInlining(builder);
        Graph body = inlining.GraphOf(model);
        ValueInfo[] inputs = [.. body.Inputs.Select(input => builder.AddInput(input.Shape, input.Name, input.Type, input.IsWhole))];
        builder.SetImages(body.Inputs.ToDictionary(input => input.Name, input => input.Images));
        var values = new Dictionary<ModelNode, ValueInfo> { [probe] = inlining.Add(model, inputs, "")[0] };
        var names = new Dictionary<Layer, string>(ReferenceEqualityComparer.Instance);
        foreach (ModelNode node in order)
            values.Add(node, Add(builder, names, node, [.. node.Inputs.Select(source => values[source])]));
        return SubGraph.WithoutDead(builder.Build([values[order[^1]]], (index, tag, parameter) => Start(seed, index, tag, parameter)));
    }

    // A layer that was applied before shares its parameters.
    private static ValueInfo Add(GraphBuilder builder, Dictionary<Layer, string> names, ModelNode node, ValueInfo[] read)
    {
        Layer layer = node.Layer!;
        if (!names.TryGetValue(layer, out string? first))
        {
            ValueInfo value = builder.Add(layer.Operation!, read, node.FullName, layer, node.Scope);
            names.Add(layer, value.Name);
            return value;
        }

        return builder.Add(layer.Operation!, read, layer.Name is null ? null : builder.FreeName(first), layer, node.Scope, first);
    }

    private static void Start(ulong seed, int index, object? tag, Parameter parameter)
    {
        if (tag is Node old)
        {
            GraphInlining.Fill(old, parameter);
            return;
        }

        var random = new SeededRandom(seed, (ulong)index);
        ((Layer)tag!).InitializerFor(parameter.Info.Role).Fill(parameter.Info, ref random, parameter.BeginWrite());
    }

    private static void Require<T>(string what, IReadOnlyList<T> nodes)
        where T : ModelNode
    {
        if (nodes.Count == 0)
            throw new ArgumentException($"Model: no {what} was given; expected at least one.", what + "s");
        for (int i = 0; i < nodes.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(nodes[i], what + "s");
            if (nodes.Take(i).Contains(nodes[i]))
                throw new ArgumentException($"Model: {what} {i + 1} was given before; expected every {what} once.", what + "s");
        }
    }

    // Depth first without recursion, so that a deep model cannot overflow the stack. The inputs themselves are left out.
    private static List<ModelNode> TopologicalOrder(IReadOnlyList<Input> inputs, IReadOnlyList<ModelNode> outputs)
    {
        var order = new List<ModelNode>();
        HashSet<ModelNode> done = [.. inputs];
        var stack = new Stack<(ModelNode Node, int Next)>();
        foreach (ModelNode output in outputs.Reverse())
            stack.Push((output, 0));
        while (stack.TryPop(out (ModelNode Node, int Next) top))
        {
            (ModelNode node, int next) = top;
            if (done.Contains(node))
                continue;
            if (node.Layer is null && node.Call is null)
                throw new ArgumentException(
                    "Model: an output depends on an Input that was not given; expected every Input among those of Build.");
            if (next < node.Inputs.Count)
            {
                stack.Push((node, next + 1));
                stack.Push((node.Inputs[next], 0));
                continue;
            }

            done.Add(node);
            order.Add(node);
        }

        return order;
    }
}
