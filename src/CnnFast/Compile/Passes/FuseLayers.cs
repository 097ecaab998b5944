using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// Joins what an export made of one layer: nodes whose names say that they belong together, such as <c>stem/Conv</c> and <c>stem</c>.
/// </summary>
internal sealed class FuseLayers : IGraphPass
{
    public string Name => "FuseLayers";

    public void Run(GraphEdit edit)
    {
        foreach (Node listed in edit.Nodes)
        {
            if (edit.Producer(listed.Output) is not { Inputs.Count: 1 } second || edit.OwnProducer(second.Inputs[0]) is not { } first
                || !first.Name.StartsWith(second.Name + "/", StringComparison.Ordinal))
                continue;
            Operation? joined = second.Operation switch
            {
                FunctionOperation function => WithActivation(first.Operation, function.Function.Activation),
                RescalingOperation { Scale: 1 } offset when first.Operation is RescalingOperation { Offset: 0 } scale =>
                    new RescalingOperation(scale.Scale, offset.Offset),
                _ => null,
            };
            if (joined is null)
                continue;
            edit.Merge(first, second, new Node(second.Name, joined, first.Inputs, second.Output, first.Parameters));
            edit.Note($"'{first.Name}' and '{second.Name}' are one layer");
        }
    }

    private static Operation? WithActivation(Operation operation, Activation activation) => operation switch
    {
        _ when activation == Activation.None => null,
        Conv2DOperation { Activation: Activation.None } convolution => convolution with { Activation = activation },
        Conv1DOperation { Activation: Activation.None } convolution => convolution with { Activation = activation },
        DepthwiseConv2DOperation { Activation: Activation.None } convolution => convolution with { Activation = activation },
        Conv2DTransposeOperation { Activation: Activation.None } convolution => convolution with { Activation = activation },
        DenseOperation { Activation: Activation.None } dense => dense with { Activation = activation },
        _ => null,
    };
}
