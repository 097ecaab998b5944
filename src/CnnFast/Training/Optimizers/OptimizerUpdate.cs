namespace CnnFast.Training;

/// <summary>What the update of one parameter at one step needs besides its tensors.</summary>
/// <param name="Step">The step of the trainer, from 1.</param>
/// <param name="LearningRate">The learning rate after the schedule.</param>
/// <param name="L2">The factor of the weights in the gradient; 0 for parameters that do not decay.</param>
internal readonly record struct OptimizerUpdate(long Step, float LearningRate, float L2);
