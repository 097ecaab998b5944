using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Compile;

/// <summary>
/// For training: merges an Add of two values, and a function whose gradient its result is enough for, into the batch normalisation that
/// they alone read.
/// </summary>
/// <param name="kept">Values that have to stay.</param>
internal sealed class FuseNormalization(IReadOnlyList<ValueInfo> kept) : IGraphPass
{
    private readonly HashSet<int> _kept = [.. kept.Select(value => value.Id)];

    public string Name => "FuseNormalization";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (listed.Operation is not BatchNormalizationOperation normalization || edit.Producer(listed.Output) is not { } node)
                continue;
            var merged = new NormalizedSumOperation(normalization, default, HasResidual: false);
            if (Reader(edit, node) is { Operation: AddOperation, Inputs.Count: 2 } sum)
            {
                ValueInfo residual = sum.Inputs[sum.Inputs[0].Id == node.Output.Id ? 1 : 0];
                merged = merged with { HasResidual = true };
                node = Merge(edit, node, sum, merged, [node.Inputs[0], residual]);
            }

            if (Reader(edit, node) is { Operation: FunctionOperation { Epilogue: { GradientNeedsInput: false } epilogue } } function)
                Merge(edit, node, function, merged with { Epilogue = epilogue }, node.Inputs);
        }
    }

    private Node? Reader(GraphEdit edit, Node node) => _kept.Contains(node.Output.Id) ? null : edit.OnlyConsumer(node.Output);

    private static Node Merge(GraphEdit edit, Node node, Node reader, NormalizedSumOperation operation, IReadOnlyList<ValueInfo> inputs)
    {
        Node merged = node with { Operation = operation, Inputs = inputs, Output = reader.Output };
        edit.Merge(node, reader, merged);
        edit.Note($"{reader.Operation.Kind} '{reader.Name}' runs on the values of '{node.Name}'");
        return merged;
    }
}
