using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>
/// The end of a model as losses see it: its last activation, where there is one, and the value before it. Views and dropout after the
/// activation are looked through.
/// </summary>
internal sealed class ModelHead
{
    private readonly Graph _graph;
    private readonly Node? _last;

    private ModelHead(Graph graph, Node? last, string? activation)
    {
        _graph = graph;
        _last = last;
        Activation = activation;
    }

    /// <summary>The name of the activation at the end, such as <c>Softmax</c>; null where there is none.</summary>
    public string? Activation { get; }

    public bool IsSoftmax => _last?.Operation is SoftmaxOperation;

    /// <summary>Whether softmax of the end is softmax of what goes into it.</summary>
    public bool IsLogSoftmax => _last?.Operation is LogSoftmaxOperation;

    public bool IsSigmoid => Activation == nameof(CnnFast.Activation.Sigmoid);

    /// <summary>What the model ends in, in words.</summary>
    public string Description => Activation is null ? "ends without an activation" : $"ends in {Activation} '{_last!.Name}'";

    /// <summary>The Softmax at the end, where there is one.</summary>
    public Node? Softmax => IsSoftmax ? _last : null;

    /// <summary>The end of a model with one output.</summary>
    public static ModelHead Of(Graph graph)
    {
        Node? last = LastOf(graph);
        string? activation = last?.Operation switch
        {
            SoftmaxOperation or LogSoftmaxOperation or FunctionOperation or PReLUOperation or UnaryOperation => last.Operation.Kind,
            IConvolution { Activation: not CnnFast.Activation.None } convolution => convolution.Activation.ToString(),
            _ => null,
        };
        return new ModelHead(graph, last, activation);
    }

    /// <summary>The graph up to the value that a loss reads, which is then its output.</summary>
    public Graph UpTo(LossInput input)
    {
        bool isLeftOut = (input == LossInput.SoftmaxLogits && IsSoftmax) || (input == LossInput.SigmoidLogits && IsSigmoid);
        if (!isLeftOut)
            return _graph;
        if (_last!.Operation is not IConvolution convolution)
            return _graph with { Outputs = [_last.Inputs[0]] };
        Node sums = _last with { Operation = convolution.WithActivation(CnnFast.Activation.None) };
        return _graph with { Nodes = [.. _graph.Nodes.Select(node => node == _last ? sums : node)], Outputs = [_last.Output] };
    }

    private static Node? LastOf(Graph graph)
    {
        ValueInfo value = graph.Outputs[0];
        for (int index = graph.Nodes.Count - 1; index >= 0; index--)
        {
            Node node = graph.Nodes[index];
            if (node.Output.Id != value.Id)
                continue;
            if (!node.Operation.IsView(training: false))
                return node;
            value = node.Inputs[0];
        }

        return null;
    }
}
