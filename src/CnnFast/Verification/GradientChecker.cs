using CnnFast.Graphs;
using CnnFast.Training;

namespace CnnFast.Verification;

/// <summary>
/// Holds the gradients of a training step against references in double. Every gradient of the kernels (parameters, inputs, values between
/// layers) is compared, element by element, with the naive reference of its layer on the values that the kernels had; the references are
/// compared with central differences of a whole run in double. Each element has a bound of its own, from the magnitudes of its sum: a wrong
/// gradient is found at the layer that gives it, in deep models too.
/// </summary>
/// <example>
/// <code>
/// GradientReport report = GradientChecker.Check(model);
/// Console.WriteLine(report.Holds ? "all gradients hold" : report.FirstFailure!.Failure);
/// </code>
/// </example>
public static class GradientChecker
{
    private const string Who = "GradientChecker";

    /// <summary>Checks the gradients of one training step.</summary>
    /// <param name="model">The model; its weights stay as they are.</param>
    /// <param name="loss">
    /// The loss; null for the one that belongs to the model's end, or for a sum of all outputs with random weights where there are several
    /// or the end names none.
    /// </param>
    /// <param name="options">How to check; null for the defaults.</param>
    /// <param name="progress">Receives how far it is; null for nobody.</param>
    /// <param name="cancellationToken">Asked between elements.</param>
    /// <returns>What was found; nothing is thrown for gradients that do not hold.</returns>
    /// <exception cref="ArgumentException">Loss and model do not belong together, or an option is out of range.</exception>
    /// <exception cref="ShapeException">Inputs or targets do not fit.</exception>
    /// <exception cref="NotSupportedException">An operation before a trainable parameter has no gradient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GradientReport Check(Model model, ILoss? loss = null, GradientCheckOptions? options = null,
        IProgress<CheckProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new GradientCheckOptions();
        OptionCheck.AtLeast(Who, "batch", options.Batch, 1);
        OptionCheck.AtLeast(Who, "samples", options.Samples, 0);
        OptionCheck.AtLeast(Who, "maxThreads", options.MaxThreads, 0);
        OptionCheck.Defined(Who, options.ConvAlgorithm);
        var objective = Objective.Of(Who, model, loss);
        FitChecks.RequireGradients(Who, objective.Graph);
        return new GradientCheckRun(objective, options, progress, cancellationToken).Run();
    }
}
