using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Compile;

/// <summary>
/// Finds GELU that is spelled out: x · (erf(x / √2) + 1) / 2, with the half on x, on the other factor or behind the product. The result
/// differs from the separate nodes by rounding.
/// </summary>
internal sealed class RecognizeGELU : IGraphPass
{
    public string Name => "RecognizeGELU";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (listed.Operation is FunctionOperation { Function: var function } && function == ElementFunctions.ErrorFunction
                && edit.Producer(listed.Output) is { } error)
                Recognize(edit, error);
        }
    }

    private static void Recognize(GraphEdit edit, Node error)
    {
        if (edit.OwnProducer(error.Inputs[0]) is not { Operation: RescalingOperation { Scale: > 0.70710f and < 0.70711f, Offset: 0 } } root
            || edit.OnlyConsumer(error.Output) is not { Operation: RescalingOperation { Scale: 1 or 0.5f } scale } sum
            || scale.Offset != scale.Scale)
            return;
        ValueInfo x = root.Inputs[0];
        List<Node> gone = [root, error, sum];
        ValueInfo gate = sum.Output;
        bool halved = scale.Scale == 0.5f;
        if (edit.OnlyConsumer(gate) is not { Operation: MultiplyOperation, Inputs.Count: 2 } product)
            return;
        ValueInfo other = product.Inputs[product.Inputs[0].Id == gate.Id ? 1 : 0];
        if (!halved && other.Id != x.Id && edit.OwnProducer(other) is { } before && IsHalf(before) && before.Inputs[0].Id == x.Id)
        {
            (other, halved) = (x, true);
            gone.Add(before);
        }

        if (other.Id != x.Id)
            return;
        ValueInfo output = product.Output;
        if (!halved)
        {
            if (edit.OnlyConsumer(output) is not { } after || !IsHalf(after))
                return;
            output = after.Output;
            edit.Merge(product, after, after with { Inputs = product.Inputs });
            product = edit.Producer(output)!;
        }

        edit.Replace(product, new Node(product.Name, new FunctionOperation(ElementFunctions.GELU), [x], output, []));
        foreach (Node node in gone.OrderByDescending(edit.OrderOf))
            edit.Remove(node);
        edit.Note($"'{product.Name}' with {string.Join(", ", gone.Select(node => $"'{node.Name}'"))} is GELU");
    }

    private static bool IsHalf(Node node) => node.Operation is RescalingOperation { Scale: 0.5f, Offset: 0 };
}
