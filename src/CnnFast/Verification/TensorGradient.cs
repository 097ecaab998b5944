namespace CnnFast.Verification;

/// <summary>What <see cref="GradientChecker"/> found of one tensor.</summary>
/// <param name="Name">The parameter, input or value.</param>
/// <param name="Layer">The layer that it belongs to.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Shape">Its shape, with the batch where it has one.</param>
public sealed record TensorGradient(string Name, string Layer, GradientKind Kind, Shape Shape)
{
    /// <summary>
    /// Of a value: what the kernels computed in the training step, against the layer's reference in double on the same input.
    /// </summary>
    public ElementError? Forward { get; init; }

    /// <summary>
    /// The gradient of the kernels, every element, against the references in double of the layers that give it, on the values and gradients
    /// that the kernels had there. The bound comes from the magnitudes of the very sum. Null where no reference gives it.
    /// </summary>
    public ElementError? Gradient { get; init; }

    /// <summary>
    /// Of parameters and inputs: the gradient of the reference run, in double from end to end, against central differences on the same run.
    /// Of a loss: the gradient that it wrote, against differences of its own values.
    /// </summary>
    public ElementError? Difference { get; init; }

    /// <summary>Elements whose differences were taken.</summary>
    public int Sampled { get; init; }

    /// <summary>
    /// Elements that lie at a kink (a ReLU at 0, a tie of maxima), where the gradient is one of several right ones: counted, not failed.
    /// </summary>
    public int Kinks { get; init; }

    /// <summary>
    /// The largest difference between the gradient of the kernels and that of the reference run from end to end, as a part of the latter's
    /// largest element; null where it was not computed.
    /// </summary>
    public double? Drift { get; init; }

    /// <summary>Whether all that was compared is within its bounds.</summary>
    public bool Holds => (Forward?.Holds ?? true) && (Gradient?.Holds ?? true) && (Difference?.Holds ?? true);

    /// <summary>What does not hold, in one sentence; empty where all does.</summary>
    public string Failure => Forward is { Holds: false } forward ? $"{Name} of the forward pass: {forward}"
        : Gradient is { Holds: false } gradient ? $"the gradient of {Name}: {gradient}"
        : Difference is { Holds: false } difference ? $"the gradient of {Name} against central differences: {difference}"
        : "";
}
