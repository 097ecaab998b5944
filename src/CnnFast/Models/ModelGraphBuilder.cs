using CnnFast.Graphs;
using CnnFast.Layers;

namespace CnnFast;

/// <summary>Turns a description made of layers into a graph with fresh parameters.</summary>
internal static class ModelGraphBuilder
{
    public static Graph Build(Input input, ModelNode output, ulong seed)
    {
        List<ModelNode> order = TopologicalOrder(input, output);
        var builder = new GraphBuilder(order.Select(node => node.Layer!.Name).OfType<string>());
        var values = new Dictionary<ModelNode, ValueInfo> { [input] = builder.AddInput(input.Shape) };
        foreach (ModelNode node in order)
            values.Add(node, builder.Add(node.Layer!.Operation, [.. node.Inputs.Select(source => values[source])], node.Layer.Name, node.Layer));
        return builder.Build([values[output]], (index, tag, parameter) =>
        {
            var random = new SeededRandom(seed, (ulong)index);
            ((Layer)tag!).InitializerFor(parameter.Info.Role).Fill(parameter.Info, ref random, parameter.BeginWrite());
        });
    }

    // Depth first without recursion, so that a deep model cannot overflow the stack. The input itself is left out.
    private static List<ModelNode> TopologicalOrder(Input input, ModelNode output)
    {
        var order = new List<ModelNode>();
        var done = new HashSet<ModelNode> { input };
        var stack = new Stack<(ModelNode Node, int Next)>();
        stack.Push((output, 0));
        while (stack.TryPop(out (ModelNode Node, int Next) top))
        {
            (ModelNode node, int next) = top;
            if (done.Contains(node))
                continue;
            if (node.Layer is null)
                throw new ArgumentException("Model: the output depends on an Input other than the one given; expected a single Input, the first argument of Build.");
            if (next < node.Inputs.Count)
            {
                stack.Push((node, next + 1));
                stack.Push((node.Inputs[next], 0));
                continue;
            }

            done.Add(node);
            order.Add(node);
        }

        return order.Count > 0 ? order : throw new ArgumentException("Model: the output is the input itself; expected at least one layer between them.");
    }
}
