using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>Measures how well a model does.</summary>
public static class Evaluator
{
    /// <summary>
    /// Loss and accuracy of a model on a data set; images are normalised as the model was trained (<see cref="Model.Normalization"/>).
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The samples: images or others, with targets that fit the loss.</param>
    /// <param name="options">Loss, batch and threads; the result does not depend on the threads.</param>
    /// <param name="cancellationToken">Ends the evaluation with an exception within one batch.</param>
    /// <returns>Loss and accuracy.</returns>
    /// <exception cref="ShapeException">Samples or targets do not fit the model or the loss.</exception>
    /// <exception cref="ArgumentException">The loss does not belong to the end of the model, the images are normalised by other
    /// numbers than the model's, or a metric applies to no output.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EvaluationResult Evaluate(Model model, IDataset data, EvaluationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new EvaluationOptions();
        OptionCheck.AtLeast("Evaluator", nameof(options.BatchSize), options.BatchSize, 1);
        OptionCheck.AtLeast("Evaluator", nameof(options.MaxThreads), options.MaxThreads, 0);
        OptionCheck.Defined("Evaluator", options.ConvAlgorithm);
        if (options.Loss is not null && options.Losses.Count > 0)
            throw new ArgumentException("Evaluator: Loss and Losses are both given; expected one of them.", nameof(options));
        ModelLosses losses = options.Losses.Count > 0
            ? new ModelLosses("Evaluator", model, options.Losses)
            : new ModelLosses("Evaluator", model, options.Loss);
        losses.RequireFit("Evaluator", data);
        FigureChecks.RequireMetrics("Evaluator", losses, data, options.Metrics);
        IDataset normalized = ImageInputs.Of("Evaluator", data, model.Normalization);
        var plan = new PlanOptions(options.BatchSize, WorkScheduler.Create(options.MaxThreads), options.ConvAlgorithm);
        return new EvaluationRun(losses, normalized, options.Metrics, plan).Run(cancellationToken);
    }
}
