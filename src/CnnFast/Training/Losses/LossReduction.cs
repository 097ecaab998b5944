namespace CnnFast.Training;

/// <summary>
/// How the losses of values become the loss of a batch. A loss has one value a row of classes (softmax), a sample and output (squares,
/// binary cross-entropy and their kin), or a sample (Dice).
/// </summary>
public enum LossReduction
{
    /// <summary>
    /// Their weighted mean, <see cref="LossSum.Sum"/> / <see cref="LossSum.Weight"/>, as <c>reduction="mean"</c> in PyTorch: 1/m · Σ
    /// where all weights are 1.
    /// </summary>
    Mean,

    /// <summary>
    /// Their weighted sum, <see cref="LossSum.Sum"/>, over all values of all samples, as <c>reduction="sum"</c> in PyTorch: it grows with
    /// the batch and with the outputs of a sample, and the learning rate has to be as much smaller.
    /// </summary>
    Sum,
}
