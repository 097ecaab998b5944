using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// The learning-rate range test (Smith, "Cyclical learning rates for training neural networks", 2017): a few steps of training while the
/// learning rate rises exponentially, and the losses on the way.
/// </summary>
public static class LearningRateFinder
{
    /// <summary>Tests a model. Its weights change meanwhile, and are the same bits as before at the end, however it ends.</summary>
    /// <param name="model">The model, most often fresh.</param>
    /// <param name="data">The samples to train on.</param>
    /// <param name="optimizer">The optimizer; its own learning rate does not matter.</param>
    /// <param name="options">The range, the steps and the rest.</param>
    /// <param name="cancellationToken">Ends the test with an exception within one batch.</param>
    /// <returns>The losses, and a learning rate to try.</returns>
    /// <exception cref="ShapeException">Samples or targets do not fit the model or the loss.</exception>
    /// <exception cref="ArgumentException">An option is out of range, the loss does not belong to the end of the model, or the model
    /// has nothing to train, or the images are normalised by other numbers than the options say.</exception>
    /// <exception cref="NotSupportedException">As for the constructor of <see cref="Trainer"/>.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example>
    /// <code>
    /// LearningRateCurve curve = LearningRateFinder.Run(model, data.Train, new Adam());
    /// var trainer = new Trainer(model, new Adam(curve.Suggestion ?? 1e-3f));
    /// </code>
    /// </example>
    public static LearningRateCurve Run(Model model, IDataset data, Optimizer optimizer, LearningRateFinderOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        const string Who = nameof(LearningRateFinder);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(optimizer);
        options ??= new LearningRateFinderOptions();
        options.Validate();
        var losses = new ModelLosses(Who, model, options.Loss);
        losses.RequireFit(Who, data);
        FitChecks.RequireGradients(Who, losses.Graph);
        if (!model.Parameters.Any(parameter => parameter.Trainable))
            throw new ArgumentException($"{Who}: the model has no trainable parameter; expected at least one.", nameof(model));

        float[][] weights = [.. model.Parameters.Select(parameter => parameter.Values.ToArray())];
        try
        {
            return Rise(losses, new OptimizerState(optimizer, model),
                ImageInputs.Of(Who, data, ImageInputs.NormalizationOf(data, options.Normalization, model)), options, cancellationToken);
        }
        finally
        {
            for (int i = 0; i < weights.Length; i++)
                model.Parameters[i].Assign(weights[i]);
        }
    }

    private static LearningRateCurve Rise(ModelLosses losses, OptimizerState state, IDataset data, LearningRateFinderOptions options,
        CancellationToken cancellationToken)
    {
        IWorkScheduler scheduler = WorkScheduler.Create(options.MaxThreads);
        int batch = Math.Min(options.BatchSize, data.Count);
        var session = new TrainingSession(losses, new TrainingPlanOptions(batch, options.Seed, scheduler, options.ConvAlgorithm));
        using var loader = new BatchLoader(data, batch, options.Seed, shuffle: true, prefetch: scheduler.MaxThreads > 1);
        var points = new List<LearningRatePoint>(options.Steps);
        double average = 0, forgotten = 1, lowest = double.PositiveInfinity;
        for (int epoch = 0; points.Count < options.Steps; epoch++)
        {
            loader.StartEpoch(epoch, cancellationToken);
            while (points.Count < options.Steps && loader.MoveNext())
            {
                double value = LossOf(losses, session, loader.Current);
                average = (options.Smoothing * average) + ((1 - options.Smoothing) * value);
                forgotten *= options.Smoothing;
                double smoothed = average / (1 - forgotten);
                if (!double.IsFinite(smoothed))
                    return new LearningRateCurve(points, diverged: true, options.Steps);
                float rate = RateOf(options, points.Count);
                points.Add(new LearningRatePoint(rate, value, smoothed));
                lowest = Math.Min(lowest, smoothed);
                if (smoothed > lowest * options.DivergenceFactor)
                    return new LearningRateCurve(points, diverged: true, options.Steps);
                session.Backward();
                state.Step(session, rate / state.Optimizer.LearningRate);
            }
        }

        return new LearningRateCurve(points, diverged: false, options.Steps);
    }

    private static double LossOf(ModelLosses losses, TrainingSession session, Batch batch)
    {
        session.Forward(batch);
        double sum = 0;
        for (int term = 0; term < losses.Losses.Count; term++)
            sum += losses.Weights[term] * session.Run(term, batch, 1).Reduce(losses.Losses[term].Reduction);
        return sum;
    }

    private static float RateOf(LearningRateFinderOptions options, int step) => (float)(options.MinLearningRate
        * Math.Pow((double)options.MaxLearningRate / options.MinLearningRate, (double)step / (options.Steps - 1)));
}
