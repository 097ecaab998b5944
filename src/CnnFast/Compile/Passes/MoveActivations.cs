using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// For training: the ReLU of a convolution goes behind the maximum pooling that alone reads it, max(f(x)) being f(max(x)), so that its
/// gradient goes through a quarter of the elements. The same elements get the same gradient: where f makes equal ones of different ones it
/// has the gradient 0.
/// </summary>
/// <param name="kept">Values that have to stay.</param>
internal sealed class MoveActivations(IReadOnlyList<ValueInfo> kept) : IGraphPass
{
    private readonly HashSet<int> _kept = [.. kept.Select(value => value.Id)];

    public string Name => "MoveActivations";

    public void Run(GraphEdit edit)
    {
        foreach (Node pool in edit.Nodes)
        {
            if (pool.Operation is not (MaxPool2DOperation or MaxPool1DOperation or AdaptiveMaxPool2DOperation or GlobalMaxPool2DOperation
                    or GlobalMaxPool1DOperation)
                || _kept.Contains(pool.Inputs[0].Id)
                || edit.OwnProducer(pool.Inputs[0]) is not { Operation: IConvolution convolution } node
                || convolution.Activation is not (Activation.ReLU or Activation.ReLU6))
                continue;
            ValueInfo maxima = edit.NewValue($"{pool.Name}/maxima", pool.Output.Shape);
            edit.Replace(node, node with { Operation = convolution.WithActivation(Activation.None) });
            edit.InsertBefore(pool, pool with { Output = maxima });
            var function = new FunctionOperation(convolution.Activation);
            edit.Replace(pool, new Node($"{pool.Name}/activation", function, [maxima], pool.Output, []));
            edit.Note($"the {convolution.Activation} of '{node.Name}' runs on the maxima of '{pool.Name}'");
        }
    }
}
