using System.Diagnostics;
using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>One training: its plan, its loader and its clock.</summary>
internal sealed class FitRun : IDisposable
{
    private readonly Model _model;
    private readonly OptimizerState _state;
    private readonly ImageDataset _data;
    private readonly FitOptions _options;
    private readonly IProgress<FitProgress>? _progress;
    private readonly IWorkScheduler _scheduler;
    private readonly TrainingPlan _plan;
    private readonly AugmentedBatches? _augmented;
    private readonly BatchLoader _loader;
    private readonly EvaluationRun? _validation;
    private readonly List<EpochResult> _epochs = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _firstStep;
    private readonly Normalization _normalization;
    private TimeSpan _trainingTime;
    private long _images;

    public FitRun(Model model, OptimizerState state, ImageDataset data, FitOptions options, IProgress<FitProgress>? progress)
    {
        _model = model;
        _state = state;
        _data = data;
        _options = options;
        _progress = progress;
        _firstStep = state.Steps;
        _normalization = options.Normalization ?? model.Normalization;
        _scheduler = WorkScheduler.Create(options.MaxThreads);
        bool prefetch = _scheduler.MaxThreads > 1;
        int batch = Math.Min(options.BatchSize, data.Count);
        ValueInfo logits = ClassifierHead.LogitsOf(model.Graph);
        _plan = new TrainingPlan(model.Graph, logits, batch, options.Seed, _scheduler, options.ConvAlgorithm);
        if (options.Validation is not null)
            _validation = new EvaluationRun(model, options.Validation, _normalization, batch, _scheduler, options.ConvAlgorithm);
        _augmented = options.Augmentation is null ? null : new AugmentedBatches(data, _normalization, options.Augmentation, options.Seed);
        _loader = _augmented?.CreateLoader(batch, options.Shuffle, prefetch) ?? new BatchLoader(data, batch, options.Seed, options.Shuffle, _normalization, prefetch);
    }

    private double ImagesPerSecond => _images / Math.Max(_trainingTime.TotalSeconds, 1e-9);

    public FitResult Run(CancellationToken cancellationToken)
    {
        bool cancelled = false;
        try
        {
            for (int epoch = 0; epoch < _options.Epochs; epoch++)
                RunEpoch(epoch, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            cancelled = true;
        }

        return new FitResult(_epochs, cancelled, _state.Steps - _firstStep, Stopwatch.GetElapsedTime(_start).TotalSeconds, ImagesPerSecond);
    }

    public void Dispose() => _loader.Dispose();

    private void RunEpoch(int epoch, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = _trainingTime;
        var sums = new EpochSums(epoch + 1, start);
        if (_augmented is not null)
            _augmented.Epoch = _state.Epochs;
        _loader.StartEpoch(_state.Epochs, cancellationToken);
        try
        {
            while (_loader.MoveNext())
            {
                sums = Step(_loader.Current, sums);
                if (sums.Batches < _loader.BatchesPerEpoch)
                    Report(sums, null);
            }
        }
        finally
        {
            _trainingTime = before + Stopwatch.GetElapsedTime(start);
            _images += sums.Images;
            if (sums.Images > 0)
                _state.CountEpoch();
        }

        double speed = sums.Images / Math.Max((_trainingTime - before).TotalSeconds, 1e-9);
        (EvaluationResult? validation, OperationCanceledException? cancelled) = Validate(cancellationToken);
        _epochs.Add(new EpochResult(epoch + 1, sums.MeanLoss, sums.Accuracy, validation, Stopwatch.GetElapsedTime(start).TotalSeconds, speed));
        Report(sums, _epochs[^1]);
        if (cancelled is not null)
            throw cancelled;
    }

    // An epoch whose validation was cancelled is still a completed epoch.
    private (EvaluationResult? Result, OperationCanceledException? Cancelled) Validate(CancellationToken cancellationToken)
    {
        try
        {
            return (_validation?.Run(cancellationToken), null);
        }
        catch (OperationCanceledException e)
        {
            return (null, e);
        }
    }

    private EpochSums Step(ImageBatch batch, EpochSums sums)
    {
        double loss = _plan.Run(batch.Images, batch.Labels, (ulong)_state.Steps);
        if (!double.IsFinite(loss))
            throw new NotFiniteNumberException(FormattableString.Invariant($"Trainer.Fit: the loss of step {_state.Steps + 1} is {loss}; expected a finite number: lower the learning rate or check the inputs."), loss);
        float factor = NextFactor();
        _state.Step(_scheduler, _plan.Gradients, batch.Count, factor);
        _model.Normalization = _normalization;
        int correct = ClassifierHead.CountCorrect(_plan.Probabilities, batch.Labels, _data.Classes);
        return sums.Add(batch.Count, loss, correct, factor);
    }

    private float NextFactor()
    {
        long step = _state.Steps - _firstStep;
        long totalSteps = (long)_options.Epochs * _loader.BatchesPerEpoch;
        float factor = _options.Schedule.FactorAt(step, totalSteps);
        return float.IsFinite(factor) && factor >= 0
            ? factor
            : throw new InvalidOperationException(FormattableString.Invariant($"Trainer.Fit: the schedule's factor of step {step + 1} of {totalSteps} is {factor}; expected a finite number of at least 0."));
    }

    private void Report(EpochSums sums, EpochResult? completed)
    {
        if (_progress is null)
            return;
        double speed = completed?.ImagesPerSecond ?? sums.Images / Math.Max(Stopwatch.GetElapsedTime(sums.Start).TotalSeconds, 1e-9);
        _progress.Report(new FitProgress(sums.Epoch, _options.Epochs, sums.Batches, _loader.BatchesPerEpoch, sums.MeanLoss, sums.Accuracy, sums.Factor * _state.Optimizer.LearningRate, speed, completed));
    }
}
