namespace CnnFast.Training;

/// <summary>How the losses of samples become the loss of a batch.</summary>
public enum LossReduction
{
    /// <summary>Their weighted mean, <see cref="LossSum.Sum"/> / <see cref="LossSum.Weight"/>: 1/m · Σ where all weights are 1.</summary>
    Mean,

    /// <summary>Their weighted sum, <see cref="LossSum.Sum"/>.</summary>
    Sum,
}
