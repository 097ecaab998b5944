namespace CnnFast.Training;

/// <summary>What an optimizer needs to know of a step besides the tensors of a parameter.</summary>
public readonly record struct OptimizerStep
{
    /// <summary>The step of the trainer, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>The learning rate after the schedule.</summary>
    public required float LearningRate { get; init; }

    /// <summary>
    /// The factor c of the weights in the gradient, g' = g + c·w, from <see cref="Optimizer.L2"/>; 0 for parameters that do not decay.
    /// </summary>
    public float L2 { get; init; }

    /// <summary>Whether weight decay applies to the parameter (<see cref="Parameter.Decays"/>).</summary>
    public bool Decays { get; init; }
}
