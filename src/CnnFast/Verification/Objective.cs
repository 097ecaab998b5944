using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Training;

namespace CnnFast.Verification;

/// <summary>What is differentiated: a loss of the only output, or a sum of all outputs with random weights.</summary>
internal sealed class Objective
{
    private readonly ModelLosses? _loss;
    private readonly Model _model;

    private Objective(Model model, ModelLosses? loss)
    {
        _model = model;
        _loss = loss;
    }

    /// <summary>The graph up to what the loss reads.</summary>
    public Graph Graph => _loss?.Graph ?? _model.Graph;

    /// <summary>The loss by name; null for random weights.</summary>
    public string? Name => _loss?.Losses[0].GetType().Name;

    /// <summary>The loss of the user; where there is none, of the model's end; else random weights.</summary>
    public static Objective Of(string who, Model model, ILoss? loss)
    {
        if (loss is null)
            return new Objective(model, model.Outputs.Count == 1 && HasLoss(who, model) ? new ModelLosses(who, model, loss: null) : null);
        if (model.Outputs.Count != 1)
            throw new ArgumentException($"{who}: the model has {model.Outputs.Count} outputs; expected one where a loss is named.");
        var losses = new ModelLosses(who, model, loss);
        losses.RequireWholeSoftmax(who);
        return new Objective(model, losses);
    }

    /// <summary>The loss at work on targets for a batch; null for random weights.</summary>
    /// <exception cref="ShapeException">The given targets do not fit.</exception>
    public LossCheck? Targets(string who, int batch, GradientCheckOptions options)
    {
        if (_loss is null)
            return null;
        Shape shape = _loss.Graph.Outputs[0].Shape;
        IReadOnlyList<TargetInfo> taken = _loss.Losses[0].TargetsFor(_model.OutputShape);
        TargetInfo target = taken[0];
        if (!options.Labels.IsEmpty || !options.Values.IsEmpty)
        {
            target = taken.FirstOrDefault(info => info.IsLabels == !options.Labels.IsEmpty, target);
            int given = options.Labels.Length + options.Values.Length;
            if (target.IsLabels == options.Labels.IsEmpty || given != batch * target.Shape.ElementCount)
                throw new ShapeException($"{who}: {given} {(options.Labels.IsEmpty ? "values" : "labels")} were given; " +
                    $"{Name} takes {string.Join(" or ", taken)} of {batch} samples.");
            return new LossCheck(_loss.Losses[0], shape, batch, options.Labels.ToArray(), options.Values.ToArray());
        }

        var random = new SeededRandom(options.Seed, stream: 2);
        int count = batch * target.Shape.ElementCount;
        return target.IsLabels
            ? new LossCheck(_loss.Losses[0], shape, batch, [.. Enumerable.Range(0, count).Select(_ =>
                random.NextInt32(target.Classes))], [])
            : new LossCheck(_loss.Losses[0], shape, batch, [],
                RandomTargets.Values(ref random, batch, target.Shape, _loss.Losses[0].Input));
    }

    // Several ends name a loss that does not fit their shape, such as rows of a softmax over pixels.
    private static bool HasLoss(string who, Model model)
    {
        try
        {
            var losses = new ModelLosses(who, model, loss: null);
            losses.RequireWholeSoftmax(who);
            return losses.Losses[0].TargetsFor(model.OutputShape).Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
