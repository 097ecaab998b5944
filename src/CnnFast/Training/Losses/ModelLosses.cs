using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>All losses of a training: which outputs they read, which targets these are held to, and the graph that leads there.</summary>
internal sealed class ModelLosses
{
    private readonly Model _model;
    private readonly ModelLoss[] _losses;
    private readonly bool[] _namesTarget;

    /// <summary>One loss for the only output of a model, named or chosen by its end; where none is named, one for each output.</summary>
    public ModelLosses(string who, Model model, ILoss? loss)
        : this(who, model, loss is null ? [.. model.Outputs.Select(_ => (ILoss?)null)] : [loss], null)
    {
        if (loss is not null && model.Outputs.Count != 1)
            throw new ArgumentException($"{who}: the model has {model.Outputs.Count} outputs and one loss was given; " +
                "expected a list of losses, a LossTerm for each output that is trained.");
    }

    /// <summary>The losses that a user lists.</summary>
    public ModelLosses(string who, Model model, IReadOnlyList<LossTerm> terms)
        : this(who, model, [.. terms.Select(term => term.Loss)], terms)
    {
    }

    private ModelLosses(string who, Model model, ILoss?[] losses, IReadOnlyList<LossTerm>? terms)
    {
        if (losses.Length == 0)
            throw new ArgumentException($"{who}: no loss was given; expected at least one.");
        _model = model;
        _losses = new ModelLoss[losses.Length];
        Targets = new int[losses.Length];
        _namesTarget = [.. losses.Select((_, i) => terms?[i].Target is not null)];
        Weights = new float[losses.Length];
        OutputNames = new string[losses.Length];
        Graph graph = model.Graph;
        var values = new ValueInfo[losses.Length];
        for (int i = 0; i < losses.Length; i++)
        {
            int output = OutputOf(who, terms?[i].Output, i);
            OutputNames[i] = model.Outputs[output].Name;
            Targets[i] = terms?[i].Target ?? i;
            if (Targets[i] < 0)
                throw new ArgumentException($"{who}: loss {i + 1} has the target {Targets[i]}; expected at least 0.");
            Weights[i] = terms?[i].Weight ?? 1;
            _losses[i] = new ModelLoss(who, graph with { Outputs = model.Graph.Outputs }, output, losses[i]);
            (graph, values[i]) = _losses[i].Cut(graph);
        }

        Graph = graph with { Outputs = values };
        Losses = [.. _losses.Select(loss => loss.Loss)];
    }

    /// <summary>The losses.</summary>
    public IReadOnlyList<ILoss> Losses { get; }

    /// <summary>Which target each loss reads.</summary>
    public int[] Targets { get; }

    /// <summary>Which output of the model each loss is about.</summary>
    public string[] OutputNames { get; }

    /// <summary>What each loss is multiplied by.</summary>
    public float[] Weights { get; }

    /// <summary>The model up to the values that the losses read, one output a loss.</summary>
    public Graph Graph { get; }

    /// <summary>The model.</summary>
    public Model Model => _model;

    /// <summary>Throws unless model and losses fit a data set.</summary>
    /// <exception cref="ShapeException">Samples or targets do not fit.</exception>
    /// <exception cref="ArgumentException">Samples have weights, which a loss does not take, or moved images get a label from outside that
    /// is out of range.</exception>
    public void RequireFit(string who, IDataset data)
    {
        if (data.Count < 1)
            throw new ShapeException($"{who}: the data set has {data.Count} samples; expected at least one.");
        if (data.Inputs.Count != _model.Inputs.Count)
            throw new ShapeException(
                $"{who}: the data set has {Number(data.Inputs.Count, "input")}; the model expects {_model.Inputs.Count}.");
        for (int i = 0; i < data.Inputs.Count; i++)
            RequireInput(who, i, data.Inputs[i]);
        for (int i = 0; i < _losses.Length; i++)
        {
            if (Targets[i] >= data.Targets.Count)
                throw new ShapeException($"{who}: the data set has {Number(data.Targets.Count, "target")}; expected " + (_namesTarget[i]
                    ? $"the target {Targets[i]}, counted from 0, which loss {i + 1} reads."
                    : $"{Targets[i] + 1}, one for each of the {Number(_losses.Length, "loss", "losses")}."));
            _losses[i].RequireFit(who, data.Targets[Targets[i]], data.HasSampleWeights);
            if (data is AugmentedImages images && images.MaskTarget == Targets[i])
                RequireOutsideLabel(who, images.OutsideLabel, data.Targets[Targets[i]].Classes, Losses[i].IgnoredLabel);
        }

        for (int target = 0; target < data.Targets.Count; target++)
        {
            if (!Targets.Contains(target))
                throw new ShapeException($"{who}: the data set has {Number(data.Targets.Count, "target")}, and no loss reads number " +
                    $"{target + 1}; expected a loss for each.");
        }
    }

    /// <summary>Throws unless the losses that leave a Softmax out have its rows as their classes.</summary>
    /// <exception cref="ShapeException">One has not.</exception>
    public void RequireWholeSoftmax(string who)
    {
        foreach (ModelLoss loss in _losses)
            loss.RequireWholeSoftmax(who);
    }

    private static void RequireOutsideLabel(string who, int label, int classes, int? ignored)
    {
        if ((uint)label >= (uint)classes && label != ignored)
            throw new ArgumentException($"{who}: Augmentation.OutsideLabel is {label}; expected 0 to {classes - 1}" +
                $"{(ignored is { } other ? $", or {other}, which the loss ignores" : ", or what the loss ignores")}.");
    }

    private static string Number(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";

    private int OutputOf(string who, string? name, int position)
    {
        string names = string.Join(", ", _model.Outputs.Select(tensor => tensor.Name));
        if (name is null)
            return position < _model.Outputs.Count
                ? position
                : throw new ArgumentException($"{who}: loss {position + 1} names no output, and the model has " +
                    $"{Number(_model.Outputs.Count, "output")}; expected LossTerm.Output to be one of {names}.");
        for (int i = 0; i < _model.Outputs.Count; i++)
        {
            if (_model.Outputs[i].Name == name)
                return i;
        }

        throw new ArgumentException($"{who}: loss {position + 1} reads the output '{name}'; expected one of {names}.");
    }

    private void RequireInput(string who, int index, Shape sample)
    {
        TensorInfo input = _model.Inputs[index];
        string whose = _model.Inputs.Count == 1 ? "" : $" of the input '{input.Name}'";
        if (!input.HasBatch)
        {
            throw new ShapeException(
                $"{who}: the model computes one batch of fixed size, which its input's shape {input.Shape} holds; " +
                $"expected one for any number of samples {sample}.");
        }

        if (input.Shape != sample)
            throw new ShapeException($"{who}: the samples{whose} have the shape {sample}; the model expects {input.Shape}.{Hint(sample)}");
    }

    // Imported models have the order of their file unless asked otherwise.
    private string Hint(Shape image) => _model.IsImported && image.Rank == 3 && _model.InputShape == new Shape(image[2], image[0], image[1])
        ? " Images are channels last here, and channels first in the ONNX file: make the model with ToModel(layout: OnnxLayout.Nhwc)."
        : "";
}
