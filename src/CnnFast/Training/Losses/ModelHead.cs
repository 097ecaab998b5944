using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>
/// The end of a model as losses see it: its last activation, where there is one, and the value before it. Views and dropout after the
/// activation are looked through.
/// </summary>
internal sealed class ModelHead
{
    private readonly ValueInfo _output;
    private readonly Node? _last;

    private ModelHead(ValueInfo output, Node? last, string? activation)
    {
        _output = output;
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

    /// <summary>The end of a graph at its first output.</summary>
    public static ModelHead Of(Graph graph) => Of(graph, graph.Outputs[0]);

    /// <summary>The end of a graph at an output.</summary>
    public static ModelHead Of(Graph graph, ValueInfo output)
    {
        Node? last = GraphEnd.LastOf(graph, output);
        return new ModelHead(output, last, GraphEnd.ActivationOf(last?.Operation));
    }

    /// <summary>
    /// The value that a loss reads, in a graph that computes it: where a convolution or dense layer has the activation inside, the graph
    /// gets a node for each.
    /// </summary>
    public (Graph Graph, ValueInfo Value) Cut(Graph graph, LossInput input)
    {
        bool isLeftOut = (input == LossInput.SoftmaxLogits && IsSoftmax) || (input == LossInput.SigmoidLogits && IsSigmoid);
        if (!isLeftOut)
            return (graph, _output);
        if (_last!.Operation is not IConvolution convolution)
            return (graph, _last.Inputs[0]);
        var value = new ValueInfo(graph.ValueCount, $"{_last.Name}/sums", _last.Output.Shape);
        Node sums = _last with { Operation = convolution.WithActivation(CnnFast.Activation.None), Output = value };
        var activation = new Node($"{_last.Name}/activation", new FunctionOperation(convolution.Activation), [value], _last.Output, []);
        Node[] nodes = [.. graph.Nodes.SelectMany<Node, Node>(node => node.Output.Id == _last.Output.Id ? [sums, activation] : [node])];
        return (new Graph(graph.Inputs, graph.Outputs, nodes, graph.ValueCount + 1), value);
    }

    /// <summary>The graph of one output up to the value that a loss reads, which is then its output.</summary>
    public Graph UpTo(Graph graph, LossInput input)
    {
        (Graph cut, ValueInfo value) = Cut(graph, input);
        return cut with { Outputs = [value] };
    }
}
