namespace CnnFast.Training;

/// <summary>How a model does on labelled images.</summary>
/// <param name="Loss">Mean cross-entropy (nats).</param>
/// <param name="Accuracy">Part of the images that was classified right, 0 to 1; among equal outputs the first class counts.</param>
/// <param name="Count">Images.</param>
public sealed record EvaluationResult(double Loss, double Accuracy, int Count);
