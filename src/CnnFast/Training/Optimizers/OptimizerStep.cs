namespace CnnFast.Training;

/// <summary>What an optimizer needs to know of a step besides the tensors of a parameter.</summary>
public readonly record struct OptimizerStep
{
    /// <summary>
    /// The step of the parameter, from 1. It is that of the trainer, but for parameters that were frozen for some steps: what is
    /// remembered of them began later.
    /// </summary>
    public required long Step { get; init; }

    /// <summary>The learning rate after the schedule and the factor of the parameter's group.</summary>
    public required float LearningRate { get; init; }

    /// <summary>
    /// The factor c of the weights in the gradient, g' = g + c·w, from <see cref="Optimizer.L2"/>, for optimizers that add it themselves
    /// (<see cref="Optimizer.AddsL2"/>); 0 for the others, whose gradient has it already, and for parameters that do not decay.
    /// </summary>
    public float L2 { get; init; }

    /// <summary>
    /// The factor of a weight decay beside the gradient, such as that of <see cref="AdamW"/>: 0 for parameters that do not decay, 1 for
    /// those that do, or what <see cref="ParameterGroup.DecayFactor"/> says.
    /// </summary>
    public float DecayFactor { get; init; }

    /// <summary>Whether weight decay applies to the parameter.</summary>
    public bool Decays => DecayFactor > 0;
}
