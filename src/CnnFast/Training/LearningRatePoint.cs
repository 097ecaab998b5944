namespace CnnFast.Training;

/// <summary>One step of a learning-rate range test.</summary>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="Loss">The loss of its batch, before the step.</param>
/// <param name="SmoothedLoss">The moving average of the losses up to it.</param>
public sealed record LearningRatePoint(float LearningRate, double Loss, double SmoothedLoss);
