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
        foreach (ModelNode node in order)
        {
            ValueInfo[] read = [.. node.Inputs.Select(source => values[source])];
            values.Add(node, builder.Add(node.Layer!.Operation!, read, node.FullName, node.Layer, node.Scope));
        }

        foreach (Input input in inputs)
        {
            if (!order.Any(node => node.Inputs.Contains(input)))
                throw new ArgumentException(outputs.Contains(input) && inputs.Count == 1
                    ? "Model: the output is the input itself; expected at least one layer between them."
                    : $"Model: no output depends on the input '{values[input].Name}'; expected inputs that are read.");
        }

        return builder.Build([.. outputs.Select(output => values[output])], (index, tag, parameter) =>
        {
            var random = new SeededRandom(seed, (ulong)index);
            ((Layer)tag!).InitializerFor(parameter.Info.Role).Fill(parameter.Info, ref random, parameter.BeginWrite());
        });
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
            if (node.Layer is null)
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
