namespace CnnFast.Verification;

/// <summary>What <see cref="GradientChecker"/> found. Immutable.</summary>
/// <param name="Loss">The loss whose gradients they are; null where it was a weighted sum of all outputs with random weights.</param>
/// <param name="Tensors">The tensors, from the outputs to the inputs, as backpropagation goes.</param>
/// <param name="WithoutReference">
/// The layers whose operation has no reference, or none that goes backwards, one sentence each: what they give was taken from the kernels.
/// </param>
public sealed record GradientReport(string? Loss, IReadOnlyList<TensorGradient> Tensors, IReadOnlyList<string> WithoutReference)
{
    /// <summary>Whether every gradient that was compared is within its bounds.</summary>
    public bool Holds => Tensors.All(tensor => tensor.Holds);

    /// <summary>The first tensor, going backwards, that does not hold; null where all do.</summary>
    public TensorGradient? FirstFailure => Tensors.FirstOrDefault(tensor => !tensor.Holds);

    /// <summary>Elements at a kink.</summary>
    public int Kinks => Tensors.Sum(tensor => tensor.Kinks);

    /// <summary>The tensor that comes closest to its bound or passes it by most.</summary>
    public TensorGradient? Worst => Tensors.MaxBy(tensor =>
        Math.Max(tensor.Forward?.Ratio ?? 0, Math.Max(tensor.Gradient?.Ratio ?? 0, tensor.Difference?.Ratio ?? 0)));
}
