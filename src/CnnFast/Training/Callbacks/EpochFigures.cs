namespace CnnFast.Training;

/// <summary>The figures of an epoch under names, as logs write them.</summary>
public static class EpochFigures
{
    /// <summary>
    /// The figures: <c>train/loss</c>, <c>train/accuracy</c>, <c>validation/loss</c>, <c>validation/accuracy</c>,
    /// metrics as <c>validation/NAME</c> where the name is not taken, the same of other validations under their names, then time
    /// (<c>seconds</c>, <c>samples_per_second</c>). Those that an epoch does not have are left out.
    /// </summary>
    /// <param name="result">What the epoch came to.</param>
    /// <returns>Names and figures, always in the same order.</returns>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var figures = new List<KeyValuePair<string, double>>();
        Add(figures, "train/loss", result.TrainLoss);
        Add(figures, "train/accuracy", result.TrainAccuracy);
        AddEvaluation(figures, "validation", result.Validation);
        foreach ((string name, EvaluationResult other) in result.OtherValidations)
            AddEvaluation(figures, name, other);
        Add(figures, "seconds", result.Seconds);
        Add(figures, "samples_per_second", result.SamplesPerSecond);
        return figures;
    }

    private static void AddEvaluation(List<KeyValuePair<string, double>> figures, string name, EvaluationResult? result)
    {
        if (result is null)
            return;
        Add(figures, $"{name}/loss", result.Loss);
        Add(figures, $"{name}/accuracy", result.Accuracy);
        foreach ((string metric, double value) in result.Metrics)
        {
            // The metric Accuracy of a classifier is the accuracy that is there anyway.
            if (metric != "accuracy" || result.Accuracy is null)
                Add(figures, $"{name}/{metric}", value);
        }
    }

    private static void Add(List<KeyValuePair<string, double>> figures, string name, double? figure)
    {
        if (figure is { } number)
            figures.Add(new(name, number));
    }
}
