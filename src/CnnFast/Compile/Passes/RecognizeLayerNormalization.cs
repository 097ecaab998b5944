using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Finds layer normalisation that is spelled out: (x − mean) / √(mean of (x − mean)² + ε), means over the last dimension. Scale and bias
/// stay behind it, where convolutions may take them up. The result differs from the separate nodes by rounding.
/// </summary>
internal sealed class RecognizeLayerNormalization : IGraphPass
{
    public string Name => "RecognizeLayerNormalization";

    public void Run(GraphEdit edit)
    {
        foreach (Node node in edit.Nodes)
        {
            if (node is { Operation: BinaryOperation { Function: BinaryFunction.Divide }, Output.IsWhole: false })
                Recognize(edit, node);
        }
    }

    private static void Recognize(GraphEdit edit, Node division)
    {
        List<Node> gone = [];
        ValueInfo deviation = division.Inputs[0];
        if (Before(edit, division.Inputs[1], gone) is not { Operation: UnaryOperation { Function: UnaryFunction.SquareRoot } } root
            || Before(edit, root.Inputs[0], gone) is not { Operation: RescalingOperation { Scale: 1, Offset: >= 0 and var epsilon } } sum
            || Before(edit, sum.Inputs[0], gone) is not { Operation: ReduceOperation { Reduction: Reduction.Mean } } variance
            || Before(edit, variance.Inputs[0], gone) is not { Operation: MultiplyOperation, Inputs.Count: 2 } square
            || square.Inputs.Any(input => input.Id != deviation.Id)
            || edit.IsOutput(deviation) || edit.Consumers(deviation).Count != 3
            || edit.Producer(deviation) is not { Operation: BinaryOperation { Function: BinaryFunction.Subtract } } difference
            || Before(edit, difference.Inputs[1], gone) is not { Operation: ReduceOperation { Reduction: Reduction.Mean } } mean
            || mean.Inputs[0].Shape.Rank != 3)
            return;
        ValueInfo x = difference.Inputs[0];
        ValueInfo rows = mean.Inputs[0];
        if (edit.Producer(rows) is { Operation: ReshapeOperation } view && edit.OnlyConsumer(rows) is not null)
        {
            gone.Add(view);
            rows = view.Inputs[0];
        }

        if (rows.Id != x.Id || !IsOverLast(mean, difference) || !IsOverLast(variance, division))
            return;
        Shape shape = new(1, x.Shape.ElementCount / x.Shape.Dimensions[^1], x.Shape.Dimensions[^1]);
        ValueInfo given = edit.NewValue($"{division.Name}.rows", shape);
        ValueInfo normalized = edit.NewValue($"{division.Name}.normalized", shape);
        var result = new Node($"{division.Name}.view", new ReshapeOperation(division.Output.Shape.Dimensions.ToArray()), [normalized],
            division.Output, []);
        edit.Replace(division, result);
        edit.InsertBefore(result, new Node(given.Name, new ReshapeOperation(shape.Dimensions.ToArray()), [x], given, []));
        edit.InsertBefore(result,
            new Node(division.Name, new NormalizeOperation(NormalizeResult.Elements, epsilon), [given], normalized, []));
        gone.Add(difference);
        foreach (Node node in gone.OrderByDescending(edit.OrderOf))
            edit.Remove(node);
        edit.Note($"'{division.Name}' with " +
            $"{string.Join(", ", gone.Where(node => node.Operation is not ReshapeOperation).Select(node => $"'{node.Name}'"))} is layer " +
            "normalisation");
    }

    // The node that computes a value for one reader alone, past what only changes the shape.
    private static Node? Before(GraphEdit edit, ValueInfo value, List<Node> passed)
    {
        Node? node = edit.OwnProducer(value);
        while (node is { Operation: ReshapeOperation })
        {
            passed.Add(node);
            node = edit.OwnProducer(node.Inputs[0]);
        }

        if (node is not null)
            passed.Add(node);
        return node;
    }

    // The reduction is over the last dimension of what the reader holds against it.
    private static bool IsOverLast(Node reduction, Node reader)
    {
        ReadOnlySpan<int> x = reader.Inputs[0].Shape.Dimensions;
        ReadOnlySpan<int> numbers = reader.Inputs[1].Shape.Dimensions;
        Shape reduced = reduction.Inputs[0].Shape;
        return numbers.Length == x.Length && numbers[^1] == 1 && numbers[..^1].SequenceEqual(x[..^1]) && reduced[2] == 1
            && reduced[1] == x[^1] && reader.Output.Shape == reader.Inputs[0].Shape;
    }
}
