using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>What must hold before a training starts.</summary>
internal static class FitChecks
{
    /// <exception cref="ShapeException">Samples or targets do not fit the model or the loss.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the model has nothing to train.</exception>
    /// <exception cref="NotSupportedException">An operation has no gradient.</exception>
    public static void Require(ModelLosses loss, Model model, IDataset data, FitOptions options)
    {
        OptionCheck.AtLeast("Trainer.Fit", nameof(options.Epochs), options.Epochs, 1);
        OptionCheck.AtLeast("Trainer.Fit", nameof(options.BatchSize), options.BatchSize, 1);
        OptionCheck.AtLeast("Trainer.Fit", nameof(options.MaxThreads), options.MaxThreads, 0);
        OptionCheck.AtLeast("Trainer.Fit", nameof(options.AccumulationBatches), options.AccumulationBatches, 1);
        OptionCheck.AtLeast("Trainer.Fit", nameof(options.ScheduleEpochs), options.ScheduleEpochs, 0);
        RequireCheckpoints(options.Checkpoints);
        OptionCheck.Defined("Trainer.Fit", options.ConvAlgorithm);
        if (options.Schedule is null)
            throw new ArgumentException("Trainer.Fit: Schedule is null; expected a schedule such as ConstantSchedule.", nameof(options));
        if (data is not IImageDataset && (options.Normalization is not null || options.Augmentation is not null))
            throw new ArgumentException("Trainer.Fit: Normalization and Augmentation are for the bytes of an IImageDataset; " +
                $"the data set is of type {data.GetType().Name}.", nameof(options));
        loss.RequireFit("Trainer.Fit", data is IImageDataset images && options.Augmentation is { } augmentation
            ? images.Augmented(augmentation)
            : data);
        if (options.Validation is not null)
            loss.RequireFit("Trainer.Fit (validation)", options.Validation);
        RequireValidations(loss, options);
        FigureChecks.RequireMetrics(loss, options);
        FigureChecks.RequireDirections(options);
        RequireGradients("Trainer.Fit", loss.Graph);
        RequireBatchStatistics(loss.Graph, data.Count, options.BatchSize);
        if (!model.Parameters.Any(parameter => parameter.Trainable))
            throw new ArgumentException("Trainer.Fit: the model has no trainable parameter; expected at least one.");
    }

    /// <summary>Throws unless training can go through a model: backwards as far as something is trained.</summary>
    /// <exception cref="NotSupportedException">An operation has no gradient.</exception>
    public static void RequireGradients(string who, Graph graph)
    {
        List<int> running = RunningNodes.Of(graph, graph.Outputs, ValueRoots.Of(graph, training: true), training: true);
        GradientNeedsAnalysis.Require(who, graph, running);
    }

    // The batch's variance of one value is 0 whatever the value: gradients of it are 0, and the moving variance decays.
    private static void RequireBatchStatistics(Graph graph, int count, int batchSize)
    {
        int last = count <= batchSize ? count : count % batchSize == 0 ? batchSize : count % batchSize;
        if (last > 1)
            return;
        foreach (Node node in graph.Nodes)
        {
            if (node.Operation is not BatchNormalizationOperation || !node.Parameters.Any(parameter => parameter.Info.IsStatistic &&
                parameter.Trainable))
                continue;
            Shape shape = node.Inputs[0].ShapeFor(1);
            if (shape.ElementCount == BatchNormalizationOperation.ChannelsOf(shape))
                throw new ShapeException($"Trainer.Fit: BatchNormalization '{node.Name}' would see one value a channel in a batch of one " +
                    $"sample, the last of {count} samples in batches of {batchSize}; expected at least two: choose another BatchSize, or " +
                    "freeze its moving statistics.");
        }
    }

    private static void RequireCheckpoints(CheckpointOptions? checkpoints)
    {
        if (checkpoints is null)
            return;
        OptionCheck.AtLeast("Trainer.Fit", "Checkpoints.EverySteps", checkpoints.EverySteps, 0);
        OptionCheck.AtLeast("Trainer.Fit", "Checkpoints.KeepBest", checkpoints.KeepBest, 0);
        if (checkpoints.Interval <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(null, $"Trainer.Fit: Checkpoints.Interval is {checkpoints.Interval}; " +
                "expected more than zero.");
        AtomicFile.RequireWritable(checkpoints.Path);
    }

    private static void RequireValidations(ModelLosses losses, FitOptions options)
    {
        var names = new HashSet<string> { "train", "validation" };
        foreach (ValidationSet set in options.OtherValidations)
        {
            if (!names.Add(set.Name))
                throw new ArgumentException($"Trainer.Fit: a validation set is named '{set.Name}'; expected a name that is not taken, " +
                    "and is neither train nor validation.", nameof(options));
            losses.RequireFit($"Trainer.Fit (validation '{set.Name}')", set.Data);
        }

        string? start = options.Monitor?.Name.Split('/')[0];
        if (start == "validation" && options.Validation is null)
            throw new ArgumentException($"Trainer.Fit: the monitor is '{options.Monitor!.Name}' and there is no Validation; expected one.",
                nameof(options));
    }
}
