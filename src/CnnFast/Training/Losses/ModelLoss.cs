using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>The loss of a model: named by the user, or chosen by what the model ends in.</summary>
internal sealed class ModelLoss
{
    private readonly Model _model;
    private readonly ModelHead _head;
    private readonly bool _isNamed;

    /// <summary>Chooses a loss where none is named, and cuts the model where the loss reads it.</summary>
    /// <param name="who">Starts the sentence.</param>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss, or null.</param>
    /// <exception cref="ArgumentException">Loss and model do not belong together, or the model's end does not say which
    /// loss belongs to it.</exception>
    public ModelLoss(string who, Model model, ILoss? loss)
    {
        _model = model;
        _head = ModelHead.Of(model.Graph);
        _isNamed = loss is not null;
        Loss = loss ?? DefaultOf(_head)
            ?? throw new ArgumentException(
                $"{who}: the model {_head.Description}, which does not say what its loss is; name one, such as MeanSquaredError.");
        RequireTogether(who);
        Graph = _head.UpTo(Loss.Input);
    }

    /// <summary>The loss.</summary>
    public ILoss Loss { get; }

    /// <summary>The model up to the value that the loss reads.</summary>
    public Graph Graph { get; }

    /// <summary>Throws unless model and loss fit a data set.</summary>
    /// <exception cref="ShapeException">Samples or targets do not fit.</exception>
    /// <exception cref="ArgumentException">Samples have weights, which the loss does not take.</exception>
    public void RequireFit(string who, IDataset data)
    {
        if (_model.Inputs.Count != 1 || _model.Outputs.Count != 1)
            throw new ShapeException(
                $"{who}: the model has {_model.Inputs.Count} inputs and {_model.Outputs.Count} outputs; expected one of each.");
        if (data.Inputs.Count != 1 || data.Targets.Count != 1)
            throw new ShapeException(
                $"{who}: the data set has {data.Inputs.Count} inputs and {data.Targets.Count} targets; expected one of each.");
        if (data.Count < 1)
            throw new ShapeException($"{who}: the data set has {data.Count} samples; expected at least one.");
        Shape sample = data.Inputs[0];
        if (!_model.Inputs[0].HasBatch)
        {
            throw new ShapeException(
                $"{who}: the model computes one batch of fixed size, which its input's shape {_model.InputShape} holds; " +
                $"expected one for any number of samples {sample}.");
        }

        if (_model.InputShape != sample)
            throw new ShapeException($"{who}: the samples have the shape {sample}; the model expects {_model.InputShape}.{Hint(sample)}");
        RequireTargets(who, data.Targets[0]);
        if (data.HasSampleWeights && !Loss.TakesSampleWeights)
            throw new ArgumentException($"{who}: the data set weights its samples; {Loss.GetType().Name} does not take weights.");
        RequireWholeSoftmax(who);
    }

    // Imported models have the order of their file unless asked otherwise.
    private string Hint(Shape image) => _model.IsImported && image.Rank == 3 && _model.InputShape == new Shape(image[2], image[0], image[1])
        ? " Images are channels last here, and channels first in the ONNX file: make the model with ToModel(layout: OnnxLayout.Nhwc)."
        : "";

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
        if (wanted is not null && _head.Activation is not null)
        {
            throw new ArgumentException(
                $"{who}: {Loss.GetType().Name} belongs to models that end in {wanted} or without an activation; " +
                $"the model {_head.Description}.");
        }
    }

    private void RequireTargets(string who, TargetInfo given)
    {
        if (!_isNamed && _head.Activation is null && !given.IsLabels)
        {
            throw new ShapeException(
                $"{who}: the targets are {given}, and the model {_head.Description}: nothing says what the loss is. Name one, " +
                "such as MeanSquaredError.");
        }

        IReadOnlyList<TargetInfo> taken = Loss.TargetsFor(_model.OutputShape);
        if (!taken.Contains(given))
        {
            throw new ShapeException(
                $"{who}: the targets are {given}; {Loss.GetType().Name} of the model's output {ShapeText.OfSample(_model.OutputShape)} " +
                $"takes {string.Join(" or ", taken)}.");
        }
    }

    private void RequireWholeSoftmax(string who)
    {
        if (Loss.Input != LossInput.SoftmaxLogits || _head.Softmax is not { } softmax)
            return;
        int rowLength = softmax.Output.Shape[softmax.Output.Shape.Rank - 1];
        int classes = _model.OutputShape.ElementCount;
        if (rowLength != classes)
            throw new ShapeException($"{who}: the output is that of the Softmax '{softmax.Name}' over rows of {rowLength} values; " +
                $"expected one over all {classes} classes.");
    }
}
