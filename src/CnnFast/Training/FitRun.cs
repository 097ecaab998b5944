using System.Diagnostics;
using System.Globalization;
using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>One training: its plan, its loader and its clock.</summary>
internal sealed class FitRun : IDisposable
{
    private readonly Model _model;
    private readonly OptimizerState _state;
    private readonly FitOptions _options;
    private readonly IProgress<FitProgress>? _progress;
    private readonly IWorkScheduler _scheduler;
    private readonly TrainingStep _step;
    private readonly BatchLoader _loader;
    private readonly EvaluationRun? _validation;
    private readonly List<EpochResult> _epochs = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _firstStep;
    private readonly Normalization _normalization;
    private readonly bool _isImages;
    private readonly IReadOnlyList<string>? _classNames;
    private TimeSpan _trainingTime;
    private long _samples;

    public FitRun(Model model, ModelLoss loss, OptimizerState state, IDataset data, FitOptions options, IProgress<FitProgress>? progress)
    {
        _model = model;
        _state = state;
        _options = options;
        _progress = progress;
        _isImages = data is IImageDataset or NormalizedImages or AugmentedImages;
        _classNames = data.ClassNames is { } names && names.Count == model.ClassCount ? names : null;
        _firstStep = state.Steps;
        _normalization = options.Normalization ?? (data as NormalizedImages)?.Normalization ?? (data as AugmentedImages)?.Normalization ??
            model.Normalization;
        _scheduler = WorkScheduler.Create(options.MaxThreads);
        bool prefetch = _scheduler.MaxThreads > 1;
        int batch = Math.Min(options.BatchSize, data.Count);
        _step = new TrainingStep(loss, batch, options.Seed, _scheduler, options.ConvAlgorithm);
        if (options.Validation is not null)
            _validation = new EvaluationRun(loss, Inputs(options.Validation, null), batch, _scheduler, options.ConvAlgorithm);
        _loader = new BatchLoader(Inputs(data, options.Augmentation), batch, options.Seed, options.Shuffle, prefetch);
    }

    private double SamplesPerSecond => _samples / Math.Max(_trainingTime.TotalSeconds, 1e-9);

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

        return new FitResult(_epochs, cancelled, _state.Steps - _firstStep, Stopwatch.GetElapsedTime(_start).TotalSeconds,
            SamplesPerSecond);
    }

    public void Dispose() => _loader.Dispose();

    private IDataset Inputs(IDataset data, Augmentation? augmentation) => data switch
    {
        IImageDataset images when augmentation is not null => new AugmentedImages(images, augmentation, _options.Seed, _normalization),
        IImageDataset images => images.Normalized(_normalization),
        NormalizedImages { Images: var images, Normalization: var normalization } => normalization == _normalization
            ? Inputs(images, augmentation)
            : throw OtherNormalization(normalization),
        AugmentedImages augmented => augmented.Normalization is { } normalization && normalization != _normalization
            ? throw OtherNormalization(normalization)
            : augmented.With(_normalization),
        _ => data,
    };

    private ArgumentException OtherNormalization(Normalization normalization) => new(
        $"Trainer.Fit: images are normalised by {normalization}, and the model trains on {_normalization}; expected one of them: " +
        "leave the images as they are and set FitOptions.Normalization.");

    private void RunEpoch(int epoch, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = _trainingTime;
        var sums = new EpochSums(epoch + 1, start);
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
            _samples += sums.Samples;
            if (sums.Samples > 0)
                _state.CountEpoch();
        }

        double speed = sums.Samples / Math.Max((_trainingTime - before).TotalSeconds, 1e-9);
        (EvaluationResult? validation, OperationCanceledException? cancelled) = Validate(cancellationToken);
        _epochs.Add(new EpochResult(epoch + 1, sums.MeanLoss, sums.Accuracy, validation, Stopwatch.GetElapsedTime(start).TotalSeconds,
            speed));
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

    private EpochSums Step(Batch batch, EpochSums sums)
    {
        LossSum loss = _step.Run(batch, (ulong)_state.Steps);
        if (!double.IsFinite(loss.Sum))
        {
            string message = FormattableString.Invariant(
                $"Trainer.Fit: the loss of step {_state.Steps + 1} is {loss.Sum}; expected a finite number: ");
            throw new NotFiniteNumberException(message + "lower the learning rate or check the inputs.", loss.Sum);
        }

        float factor = NextFactor();
        _state.Step(_scheduler, _step.Gradients, batch.Count, factor);
        if (_isImages)
            _model.Normalization = _normalization;
        if (_classNames is not null)
            _model.ClassNames = _classNames;
        return sums.Add(batch.Count, loss, _step.Correct, factor);
    }

    private float NextFactor()
    {
        long step = _state.Steps - _firstStep;
        long totalSteps = (long)_options.Epochs * _loader.BatchesPerEpoch;
        float factor = _options.Schedule.FactorAt(step, totalSteps);
        return float.IsFinite(factor) && factor >= 0
            ? factor
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Trainer.Fit: the schedule's factor of step {step + 1} of {totalSteps} is {factor}; " +
                $"expected a finite number of at least 0."));
    }

    private void Report(EpochSums sums, EpochResult? completed)
    {
        if (_progress is null)
            return;
        double speed = completed?.SamplesPerSecond ?? sums.Samples / Math.Max(Stopwatch.GetElapsedTime(sums.Start).TotalSeconds, 1e-9);
        _progress.Report(new FitProgress(
            sums.Epoch,
            _options.Epochs,
            sums.Batches,
            _loader.BatchesPerEpoch,
            sums.MeanLoss,
            sums.Accuracy,
            sums.Factor * _state.Optimizer.LearningRate,
            speed,
            completed));
    }
}
