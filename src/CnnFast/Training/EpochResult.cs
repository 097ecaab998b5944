namespace CnnFast.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="TrainLoss">Mean cross-entropy of the training images (nats), each measured before the step that it took part in, dropout and shifts included.</param>
/// <param name="TrainAccuracy">Part of them that was classified right, 0 to 1.</param>
/// <param name="Validation">Loss and accuracy on the validation images after the epoch; null when there are none or training was cancelled before.</param>
/// <param name="Seconds">Time of the epoch, validation included.</param>
/// <param name="ImagesPerSecond">Training images a second, validation left out.</param>
public sealed record EpochResult(int Epoch, double TrainLoss, double TrainAccuracy, EvaluationResult? Validation, double Seconds, double ImagesPerSecond);
