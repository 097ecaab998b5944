using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>The loss of one output of a model: named by the user, or chosen by what the output ends in.</summary>
internal sealed class ModelLoss
{
    private readonly ModelHead _head;
    private readonly ValueInfo _output;
    private readonly bool _isNamed;
    private readonly string _whose;

    /// <summary>Chooses a loss where none is named.</summary>
    /// <param name="who">Starts the sentence.</param>
    /// <param name="graph">The graph of the model.</param>
    /// <param name="output">Which of its outputs.</param>
    /// <param name="loss">The loss, or null.</param>
    /// <exception cref="ArgumentException">Loss and output do not belong together, or the end does not say which loss
    /// belongs to it.</exception>
    public ModelLoss(string who, Graph graph, int output, ILoss? loss)
    {
        _output = graph.Outputs[output];
        _head = ModelHead.Of(graph, _output);
        _isNamed = loss is not null;
        _whose = graph.Outputs.Count == 1 ? "the model" : $"the output '{_output.Name}' of the model";
        Loss = loss ?? DefaultOf(_head)
            ?? throw new ArgumentException(
                $"{who}: {_whose} {_head.Description}, which does not say what its loss is; name one, such as MeanSquaredError.");
        RequireTogether(who);
    }

    /// <summary>The loss.</summary>
    public ILoss Loss { get; }

    /// <summary>The value that the loss reads, in a graph that computes it.</summary>
    public (Graph Graph, ValueInfo Value) Cut(Graph graph) => _head.Cut(graph, Loss.Input);

    /// <summary>Throws unless the loss fits the targets of a data set.</summary>
    /// <exception cref="ShapeException">They do not fit.</exception>
    /// <exception cref="ArgumentException">Samples have weights, which the loss does not take.</exception>
    public void RequireFit(string who, TargetInfo target, bool hasSampleWeights)
    {
        RequireTargets(who, target);
        if (hasSampleWeights && !Loss.TakesSampleWeights)
            throw new ArgumentException($"{who}: the data set weights its samples; {Loss.GetType().Name} does not take weights.");
        RequireWholeSoftmax(who);
    }

    /// <summary>
    /// Throws unless the classes of the loss, which are the last dimension of the output, are the rows of the Softmax.
    /// </summary>
    /// <exception cref="ShapeException">They are not.</exception>
    public void RequireWholeSoftmax(string who)
    {
        if (Loss.Input != LossInput.SoftmaxLogits || _head.Softmax is not { } softmax)
            return;
        int rowLength = softmax.Output.Shape[softmax.Output.Shape.Rank - 1];
        int classes = _output.Shape[_output.Shape.Rank - 1];
        if (rowLength != classes)
            throw new ShapeException($"{who}: the output is that of the Softmax '{softmax.Name}' over rows of {rowLength} values; " +
                $"expected one over all {classes} classes.");
    }

    private static ILoss? DefaultOf(ModelHead head)
    {
        if (head.IsSigmoid)
            return new BinaryCrossEntropy();
        return head.IsSoftmax || head.IsLogSoftmax || head.Activation is null ? new SoftmaxCrossEntropy() : null;
    }

    private void RequireTogether(string who)
    {
        string? wanted = Loss.Input switch
        {
            LossInput.SoftmaxLogits when !_head.IsSoftmax && !_head.IsLogSoftmax => "Softmax",
            LossInput.SigmoidLogits when !_head.IsSigmoid => "Sigmoid",
            _ => null,
        };
        if (Loss.Input == LossInput.LogProbabilities && !_head.IsLogSoftmax)
        {
            throw new ArgumentException($"{who}: {Loss.GetType().Name} belongs to models that end in LogSoftmax; " +
                $"{_whose} {_head.Description}.");
        }

        if (wanted is not null && _head.Activation is not null)
        {
            throw new ArgumentException(
                $"{who}: {Loss.GetType().Name} belongs to models that end in {wanted} or without an activation; " +
                $"{_whose} {_head.Description}.");
        }
    }

    private void RequireTargets(string who, TargetInfo given)
    {
        if (!_isNamed && _head.Activation is null && !given.IsLabels)
        {
            throw new ShapeException(
                $"{who}: the targets are {given}, and {_whose} {_head.Description}: nothing says what the loss is. Name one, " +
                "such as MeanSquaredError.");
        }

        IReadOnlyList<TargetInfo> taken = Loss.TargetsFor(_output.Shape);
        if (!taken.Contains(given))
        {
            throw new ShapeException(
                $"{who}: the targets are {given}; {Loss.GetType().Name} of the model's output {ShapeText.OfSample(_output.Shape)} " +
                $"takes {string.Join(" or ", taken)}.");
        }
    }
}
