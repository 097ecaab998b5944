using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>
/// Runs a model on the kernels and on references in double, and says layer by layer how far they are apart, in units of the bound of the
/// very element. Layers are compared on the input that the kernels had, so that the first that departs is the one that is wrong; outputs
/// are compared from end to end, computed as sessions do it, with layers merged.
/// </summary>
/// <example>
/// <code>
/// VerificationReport report = ModelVerifier.Run(model);
/// Console.WriteLine(report.FirstDeparture is { } node ? $"{node.Name}: {node.Error}" : "the model holds");
/// </code>
/// </example>
public static class ModelVerifier
{
    private const string Who = "ModelVerifier";

    /// <summary>Verifies a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to verify; null for the defaults.</param>
    /// <param name="progress">Receives how far it is; null for nobody.</param>
    /// <param name="cancellationToken">Asked between layers.</param>
    /// <returns>What was found; nothing is thrown for layers that do not hold.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    /// <exception cref="NotSupportedException">An input that is not given is of integers.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static VerificationReport Run(Model model, VerificationOptions? options = null, IProgress<CheckProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new VerificationOptions();
        OptionCheck.AtLeast(Who, "batch", options.Batch, 1);
        OptionCheck.AtLeast(Who, "maxThreads", options.MaxThreads, 0);
        OptionCheck.Defined(Who, options.ConvAlgorithm);
        int batch = model.Graph.Inputs.Any(input => input.IsWhole) ? 1 : options.Batch;
        ReadOnlyMemory<float>[] inputs = CheckInputs.Of(Who, model.Graph.Inputs, batch, options.Inputs, options.Seed);
        return new VerificationRun(model, batch, options, inputs).Run(progress, cancellationToken);
    }
}
