using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using CnnFast.Compile;
using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>One Fit at work: its session, its loader and its clock. It may be the rest of one that was interrupted.</summary>
internal sealed class FitRun : IDisposable
{
    private readonly Model _model;
    private readonly TrainerState _state;
    private readonly OptimizerState _optimizer;
    private readonly FitPosition _position;
    private readonly FitOptions _options;
    private readonly IProgress<FitProgress>? _progress;
    private readonly IWorkScheduler _scheduler;
    private readonly ModelLosses _losses;
    private readonly TrainingSession _session;
    private readonly BatchLoader _loader;
    private readonly EvaluationRun? _validation;
    private readonly (string Name, EvaluationRun Run)[] _others;
    private readonly CheckpointSaver? _saver;
    private readonly StatisticsCopy? _statistics;
    private readonly EpochSums _sums;
    private readonly LossSum[] _batchLosses;
    private readonly MonitoredFigure _monitor;
    private readonly Normalization _normalization;
    private readonly bool _isImages;
    private readonly IReadOnlyList<string>? _classNames;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _epochStart;
    private int _epochFirstSample;
    private TimeSpan _trainingTime;
    private EpochResult? _unmeasured;
    private long _samples;

    public FitRun(TrainerState state, IDataset data, FitOptions options, IProgress<FitProgress>? progress)
    {
        _state = state;
        _losses = state.Losses;
        _model = _losses.Model;
        _optimizer = state.Optimizer;
        _position = state.Position;
        _options = options;
        _progress = progress;
        _monitor = options.MonitorOrDefault;
        _isImages = ImageInputs.AreImages(data);
        _classNames = data.ClassNames is { } names && names.Count == _model.ClassCount
            ? ClassNameCheck.Require("Trainer.Fit: IDataset.ClassNames", names, _model.ClassCount)
            : null;
        _normalization = ImageInputs.NormalizationOf(data, options.Normalization, _model);
        _scheduler = WorkScheduler.Create(options.MaxThreads);
        int batch = Math.Min(options.BatchSize, data.Count);
        _session = new TrainingSession(_losses, new TrainingPlanOptions(batch, options.Seed, _scheduler, options.ConvAlgorithm));
        _sums = new EpochSums(_losses.Weights);
        _batchLosses = new LossSum[_losses.Losses.Count];
        _validation = options.Validation is null ? null : Evaluation(options.Validation, batch);
        _others = [.. options.OtherValidations.Select(set => (set.Name, Evaluation(set.Data, batch)))];
        IDataset inputs = Inputs(data, options.Augmentation);
        _loader = new BatchLoader(inputs, batch, options.Seed, options.Shuffle, _scheduler.MaxThreads > 1);
        _saver = options.Checkpoints is null ? null : new CheckpointSaver(state, options.Checkpoints, _monitor);
        _statistics = options.AccumulationBatches > 1 ? new StatisticsCopy(_model.Parameters) : null;
        RequireMonitor(inputs);
    }

    private double SamplesPerSecond => _samples / Math.Max(_trainingTime.TotalSeconds, 1e-9);

    /// <summary>Runs it; until the callbacks were told, nothing that the Fits before have left is touched.</summary>
    public FitResult Run(bool isResumed, IReadOnlyList<KeyValuePair<string, string>> description, CancellationToken cancellationToken)
    {
        // What was seen of an epoch that was interrupted is not seen again.
        bool leavesEpoch = !isResumed && _position is { IsOpen: true, Batch: > 0 };
        int epochs = _optimizer.Epochs + (leavesEpoch ? 1 : 0);
        Tell(new FitStart(_options.Epochs, _loader.BatchesPerEpoch, epochs, _optimizer.Steps, [.. ValidationNames()])
        {
            EarlierEpochs = isResumed ? [.. _position.Epochs] : [],
        });
        Begin(isResumed, leavesEpoch, description);
        bool cancelled = false, early = false;
        try
        {
            early = StopsEarly();
            while (_position.Epochs.Count < _options.Epochs && !early)
            {
                RunEpoch(cancellationToken);
                early = StopsEarly();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            cancelled = true;
            _saver?.Save();
        }
        catch
        {
            _position.HasFailed = true;
            throw;
        }

        if (!cancelled)
            Finish();
        _position.Seconds += Stopwatch.GetElapsedTime(_start).TotalSeconds;
        var result = new FitResult([.. _position.Epochs, .. _unmeasured is null ? [] : new[] { _unmeasured }], cancelled,
            _optimizer.Steps - _position.FirstStep, _position.Seconds, SamplesPerSecond)
        {
            BestEpoch = _position.BestEpoch < 0 ? null : _position.BestEpoch + 1,
            StoppedEarly = early,
        };
        foreach (TrainingCallback callback in _options.Callbacks)
            callback.OnFitEnd(result);
        return result;
    }

    public void Dispose() => _loader.Dispose();

    private void Begin(bool isResumed, bool leavesEpoch, IReadOnlyList<KeyValuePair<string, string>> description)
    {
        _optimizer.Clipping = _options.Clipping;
        _state.TakeTrained();
        if (_options.WeightAverage is { } average && _state.Average?.Average != average)
            _state.Average = new WeightAverageState(average, _model.Parameters);
        else if (_options.WeightAverage is null)
            _state.Average = null;
        if (isResumed)
        {
            (_position.Description, _position.HasFailed) = (description, false);
            return;
        }

        if (leavesEpoch)
            _optimizer.CountEpoch();
        _position.Begin(_options, _loader.Count, _optimizer.Steps, description);
        _state.Best = null;
    }

    // What a Fit leaves: the best weights, their average, or the last ones.
    private void Finish()
    {
        _position.IsOpen = false;
        if (_options.RestoreBest && _state.Best is not null)
        {
            _state.RestoreBest();
            _state.Average = null;
        }
        else
        {
            _state.Average?.Swap();
        }
    }

    private bool StopsEarly() => _options.EarlyStopping is { } rule && _position.Epochs.Count > 0 && rule.Ends(_monitor, _position.Epochs);

    private IEnumerable<string> ValidationNames() =>
        (_validation is null ? Enumerable.Empty<string>() : ["validation"]).Concat(_others.Select(other => other.Name));

    private void Tell(FitStart start)
    {
        foreach (TrainingCallback callback in _options.Callbacks)
            callback.OnFitStart(start);
    }

    private EvaluationRun Evaluation(IDataset data, int batch) =>
        new(_losses, Inputs(data, null), _options.Metrics, new PlanOptions(batch, _scheduler, _options.ConvAlgorithm));

    private IDataset Inputs(IDataset data, Augmentation? augmentation) =>
        ImageInputs.Of("Trainer.Fit", data, _normalization, augmentation, _options.Seed);

    private void RunEpoch(CancellationToken cancellationToken)
    {
        _epochStart = Stopwatch.GetTimestamp();
        TimeSpan before = _trainingTime;
        _sums.CopyFrom(_position.Sums);
        _epochFirstSample = _sums.Samples;
        _loader.StartEpoch(_optimizer.Epochs, _position.Batch, CancellationToken.None);
        try
        {
            while (_position.Batch < _loader.BatchesPerEpoch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RunStep();
                _saver?.AfterStep();
            }
        }
        finally
        {
            _trainingTime = before + Stopwatch.GetElapsedTime(_epochStart);
            _samples += _position.Sums.Samples - _epochFirstSample;
        }

        CompleteEpoch((_trainingTime - before).TotalSeconds, cancellationToken);
    }

    private void CompleteEpoch(double trainingSeconds, CancellationToken cancellationToken)
    {
        FigureChecks.RequireCounted(_sums.Losses);
        _state.RequireFiniteWeights();
        int count = _position.Epochs.Count;
        double speed = (_sums.Samples - _epochFirstSample) / Math.Max(trainingSeconds, 1e-9);
        var result = new EpochResult(count + 1, _sums.MeanLoss, _sums.Accuracy, null, 0, speed)
        {
            LearningRate = _sums.Factor * _optimizer.Optimizer.LearningRate,
        };
        _state.Average?.Swap();
        try
        {
            result = Measure(result, cancellationToken);
            Judge(result);
        }
        finally
        {
            _state.Average?.Swap();
        }

        _position.Epochs.Add(result);
        _optimizer.CountEpoch();
        _position.Batch = 0;
        _position.Sums.Clear();
        Report(result);
        _sums.Clear();
        foreach (TrainingCallback callback in _options.Callbacks)
            callback.OnEpoch(result);
        _saver?.AfterEpoch();
    }

    // Where that is cancelled or fails, the epoch stays open: Resume measures it, and all that depends on its figures is as it would be.
    private EpochResult Measure(EpochResult result, CancellationToken cancellationToken)
    {
        try
        {
            return result with
            {
                Validation = _validation?.Run(cancellationToken),
                OtherValidations = _others.ToDictionary(other => other.Name, other => other.Run.Run(cancellationToken)),
                Seconds = Stopwatch.GetElapsedTime(_epochStart).TotalSeconds,
            };
        }
        catch (OperationCanceledException)
        {
            _unmeasured = result with { Seconds = Stopwatch.GetElapsedTime(_epochStart).TotalSeconds };
            throw;
        }
    }

    // Called while the model holds what was measured: the averages where there are some.
    private void Judge(EpochResult result)
    {
        double value = _monitor.Of(result);
        double best = _position.BestEpoch < 0 ? double.NaN : _monitor.Of(_position.Epochs[_position.BestEpoch]);
        _position.Metrics.Add(value);
        if (!_monitor.IsBetter(value, best) && _position.BestEpoch >= 0)
            return;
        _position.BestEpoch = _position.Epochs.Count;
        if (_options.RestoreBest)
            _state.KeepBest();
    }

    // One change of the weights, from one batch or several.
    private void RunStep()
    {
        int first = _position.Batch;
        int batches = Math.Min(_options.AccumulationBatches, _loader.BatchesPerEpoch - first);
        int samples = Math.Min(batches * _loader.BatchSize, _loader.Count - (first * _loader.BatchSize));
        float factor;
        _statistics?.Take();
        try
        {
            for (int i = 0; i < batches; i++)
            {
                _loader.MoveNext();
                Run(_loader.Current, samples, accumulate: i > 0);
                RequireFiniteGradients();
                if (batches > 1)
                    _session.MoveStatistics();
                if (i + 1 < batches)
                    Report(null);
            }

            factor = NextFactor();
            _optimizer.Step(_scheduler, _session.Gradients, samples, factor, moveStatistics: batches == 1);
        }
        catch
        {
            // Those of the batches before; there was no step, and Resume takes these batches again.
            _statistics?.Restore();
            throw;
        }

        _state.Average?.Update(_scheduler);
        if (_isImages)
            _model.Normalization = _normalization;
        if (_classNames is not null)
            _model.ClassNames = _classNames;
        _sums.Factor = factor;
        _position.Batch = first + batches;
        _position.Sums.CopyFrom(_sums);
        if (_position.Batch < _loader.BatchesPerEpoch)
            Report(null);
    }

    private void Run(Batch batch, int samples, bool accumulate)
    {
        _session.Step = (ulong)(_optimizer.Steps * _options.AccumulationBatches) + (ulong)(batch.Index % _options.AccumulationBatches);
        _session.Forward(batch);
        for (int term = 0; term < _batchLosses.Length; term++)
        {
            bool isMean = _losses.Losses[term].Reduction == LossReduction.Mean;
            _batchLosses[term] = _session.Run(term, batch, isMean ? (float)batch.Count / samples : 1);
            if (!double.IsFinite(_batchLosses[term].Sum))
                throw NonFiniteLoss.Explain(_losses, batch, _session.Step - 1, _options, _optimizer.Steps + 1, _batchLosses[term].Sum);
        }

        int? correct = _session.CountCorrect(batch, out int counted);
        _session.Backward(accumulate);
        _sums.Add(batch.Count, _batchLosses, correct, counted);
    }

    private void RequireFiniteGradients()
    {
        for (int i = 0; i < _model.Parameters.Count; i++)
        {
            Parameter parameter = _model.Parameters[i];
            if (!parameter.Trainable || !_session.Gradients.Contains(parameter))
                continue;
            // The first place has the sum of the gradients; of the batches' statistics every node has its own.
            int places = parameter.Info.IsStatistic ? _session.Gradients.UsesOf(parameter) : 1;
            for (int use = 0; use < places; use++)
                RequireFinite(parameter, TensorPrimitives.MaxMagnitude<float>(_session.Gradients.MemoryOf(parameter, use).Span));
        }
    }

    private void RequireFinite(Parameter parameter, float largest)
    {
        if (float.IsFinite(largest))
            return;
        string what = parameter.Info.IsStatistic ? "the batch's value of" : "the gradient of";
        throw new NotFiniteNumberException(FormattableString.Invariant(
            $"Trainer.Fit: {what} '{parameter.Name}' at step {_optimizer.Steps + 1} holds {largest}; expected finite numbers: ") +
            "lower the learning rate, or check the inputs and what is before that layer.", largest);
    }

    private void RequireMonitor(IDataset inputs)
    {
        bool hasAccuracy = OutputLoss.HasAccuracy(_losses.Graph.Outputs[0].Shape, inputs.Targets[_losses.Targets[0]]);
        string[] names =
        [
            "train/loss",
            .. hasAccuracy ? ["train/accuracy"] : Enumerable.Empty<string>(),
            .. _validation is null ? [] : Figures("validation", _validation),
            .. _others.SelectMany(other => Figures(other.Name, other.Run)),
        ];
        if (!names.Contains(_monitor.Name))
            throw new ArgumentException($"Trainer.Fit: the monitor '{_monitor.Name}' is no number of an epoch; expected one of " +
                $"{string.Join(", ", names)}.");

        static IEnumerable<string> Figures(string set, EvaluationRun run) =>
            (run.HasAccuracy ? run.MetricNames.Prepend("accuracy") : run.MetricNames).Prepend("loss").Distinct()
                .Select(name => $"{set}/{name}");
    }

    private float NextFactor()
    {
        // Earlier Fits count by their epochs, which may have had more or fewer steps.
        long perEpoch = _position.StepsPerEpoch, before = (long)Math.Round(_position.FirstEpoch * perEpoch);
        long total = _options.ScheduleEpochs > 0 ? _options.ScheduleEpochs * perEpoch : before + (_options.Epochs * perEpoch);
        var at = new ScheduleStep(before + _optimizer.Steps - _position.FirstStep, total, perEpoch, _position.Metrics)
        {
            Steps = _optimizer.Steps,
        };
        float factor = _options.Schedule.FactorAt(at);
        return float.IsFinite(factor) && factor >= 0
            ? factor
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Trainer.Fit: the schedule's factor of step {at.Index + 1} of {total} is {factor}; " +
                $"expected a finite number of at least 0."));
    }

    private void Report(EpochResult? completed)
    {
        if (_progress is null && _options.Callbacks.Count == 0)
            return;
        double speed = completed?.SamplesPerSecond ??
            ((_sums.Samples - _epochFirstSample) / Math.Max(Stopwatch.GetElapsedTime(_epochStart).TotalSeconds, 1e-9));
        int epochs = _options.Epochs - _position.Epochs.Count;
        long left = ((long)epochs * _loader.Count) - (completed is null ? _sums.Samples : 0);
        var progress = new FitProgress(
            completed?.Epoch ?? _position.Epochs.Count + 1,
            _options.Epochs,
            _sums.Batches,
            _loader.BatchesPerEpoch,
            _sums.MeanLoss,
            _sums.Accuracy,
            _sums.Factor * _optimizer.Optimizer.LearningRate,
            speed,
            completed)
        {
            Step = _optimizer.Steps,
            BatchLoss = _sums.BatchLoss,
            Remaining = TimeSpan.FromSeconds(Math.Min(left / Math.Max(speed, 1e-9), 1e9)),
            GradientNorm = _optimizer.GradientNorm,
        };
        _progress?.Report(progress);
        foreach (TrainingCallback callback in _options.Callbacks)
            callback.OnBatch(progress);
    }
}
