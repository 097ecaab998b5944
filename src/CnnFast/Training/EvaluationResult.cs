namespace CnnFast.Training;

/// <summary>How a model does on a data set.</summary>
/// <param name="Loss">Mean loss of the samples: of a classifier the cross-entropy in nats, unless another loss was named.</param>
/// <param name="Accuracy">Part of the samples that was classified right, 0 to 1, the first of equal outputs counting; null where the
/// targets are no labels.</param>
/// <param name="Count">Samples.</param>
public sealed record EvaluationResult(double Loss, double? Accuracy, int Count);
