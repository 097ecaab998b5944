using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>What must hold of the figures that a training or an evaluation is judged by.</summary>
internal static class FigureChecks
{
    /// <summary>Throws unless directions agree: of the monitor, of what its figure is, and of a plateau schedule.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void RequireDirections(FitOptions options)
    {
        MonitoredFigure monitor = options.MonitorOrDefault;
        if (IsLargerBetter(monitor.Name, options.Metrics) is { } larger && larger != monitor.LargerIsBetter)
            throw new ArgumentException($"Trainer.Fit: the monitor '{monitor.Name}' has LargerIsBetter {monitor.LargerIsBetter}; " +
                $"expected {larger} of that figure.");
        ILearningRateSchedule schedule = options.Schedule;
        while (schedule is WarmUpSchedule warmUp)
            schedule = warmUp.Next;
        if (schedule is ReduceOnPlateauSchedule plateau && plateau.LargerIsBetter != monitor.LargerIsBetter)
            throw new ArgumentException($"Trainer.Fit: the ReduceOnPlateauSchedule has LargerIsBetter {plateau.LargerIsBetter}, and the " +
                $"monitor '{monitor.Name}' that it looks at has {monitor.LargerIsBetter}; expected the same of both.");
    }

    /// <summary>Throws unless every metric is there for one output at least.</summary>
    /// <exception cref="ArgumentException">One is for none.</exception>
    public static void RequireMetrics(string who, ModelLosses losses, IDataset data, IReadOnlyList<IMetric> metrics)
    {
        foreach (IMetric metric in metrics)
        {
            bool isFound = false;
            for (int term = 0; term < losses.Losses.Count && !isFound; term++)
                isFound = metric.Start(losses.Graph.Outputs[term].Shape, data.Targets[losses.Targets[term]], losses.Losses[term].Input)
                    is not null;
            if (!isFound)
                throw new ArgumentException($"{who}: the metric '{metric.Name}' does not apply to the targets, which are " +
                    $"{string.Join(" and ", losses.Targets.Distinct().Select(target => data.Targets[target]))}, or to the model's " +
                    "output; expected one that does.");
        }
    }

    /// <summary>The same for all sets that a training measures.</summary>
    /// <exception cref="ArgumentException">A metric is for no output.</exception>
    public static void RequireMetrics(ModelLosses losses, FitOptions options)
    {
        if (options.Validation is not null)
            RequireMetrics("Trainer.Fit (validation)", losses, options.Validation, options.Metrics);
        foreach (ValidationSet set in options.OtherValidations)
            RequireMetrics($"Trainer.Fit (validation '{set.Name}')", losses, set.Data, options.Metrics);
        if (options.Metrics.Count > 0 && options.Validation is null && options.OtherValidations.Count == 0)
            throw new ArgumentException($"Trainer.Fit: the metric '{options.Metrics[0].Name}' is asked for and there is no Validation to " +
                "measure; expected one.");
    }

    /// <summary>Throws where an epoch trained nothing.</summary>
    /// <exception cref="ArgumentException">No sample counted.</exception>
    public static void RequireCounted(ReadOnlySpan<LossSum> losses)
    {
        foreach (LossSum loss in losses)
        {
            if (loss.Weight != 0)
                return;
        }

        throw new ArgumentException("Trainer.Fit: no sample of the epoch counts, since all weights of samples or classes are 0 or all " +
            "labels are ignored; expected at least one that does.");
    }

    // Null for a figure that is not known, which is refused elsewhere.
    private static bool? IsLargerBetter(string name, IReadOnlyList<IMetric> metrics)
    {
        string figure = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (figure is "loss" or "accuracy")
            return figure == "accuracy";
        return metrics.FirstOrDefault(metric => $".{figure}.".Contains($".{metric.Name}.", StringComparison.Ordinal))?.HigherIsBetter;
    }
}
