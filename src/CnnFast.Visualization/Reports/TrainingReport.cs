using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Visualization;

/// <summary>
/// Follows a training and shows it as one HTML file that needs nothing beside itself: curves of loss, accuracy and learning rate,
/// gradients and activations of the layers with warnings, the first filters over time, confusion matrix, surest mistakes, time of layers.
/// The file is written after every epoch and at the end, each time in one step. A training that is resumed has its earlier epochs from
/// the start; its batches and layers begin where it goes on. Not thread-safe.
/// </summary>
/// <example>
/// <code>
/// var trainer = new Trainer(model, new Adam());
/// var report = new TrainingReport(trainer, "report.html", new TrainingReportOptions { Samples = train, Images = validation });
/// trainer.Fit(train, new FitOptions { Epochs = 5, Validation = validation, Callbacks = [report] });
/// </code>
/// </example>
public sealed class TrainingReport : TrainingCallback
{
    private const int StatisticsPerEpoch = 5;
    private const int LeastSteps = 20;
    private static readonly TimeSpan s_publishing = TimeSpan.FromSeconds(1);

    private readonly Trainer _trainer;
    private readonly string? _path;
    private readonly TrainingReportOptions _options;
    private readonly List<EpochResult> _epochs = [];
    private readonly DateTimeOffset _begun = DateTimeOffset.UtcNow;
    private ThinnedSeries _batches = new();
    private FilterPictures _filters;
    private LayerStatistics? _layers;
    private FitStart? _start;
    private FitResult? _result;
    private ClassifierRun? _run;
    private string _runName = "";
    private Func<int, string>? _imageName;
    private IReadOnlyList<NodeProfile> _times = [];
    private double _measuring;
    private long _step;
    private double _loss;
    private int _lossCount;
    private long _every;
    private FitProgress? _last;
    private long _published;

    /// <summary>Creates the report of a training that is to come.</summary>
    /// <param name="trainer">The trainer whose Fit or Resume gets this as one of its callbacks.</param>
    /// <param name="path">The HTML file; null to ask <see cref="ToHtml"/> alone, such as in a notebook.</param>
    /// <param name="options">What is shown.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is below 0.</exception>
    public TrainingReport(Trainer trainer, string? path = null, TrainingReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _options = options ?? new TrainingReportOptions();
        if (_options.StatisticsSteps < 0 || _options.MaxThreads < 0)
            throw new ArgumentOutOfRangeException(nameof(options), $"TrainingReport: StatisticsSteps is {_options.StatisticsSteps} and " +
                $"MaxThreads {_options.MaxThreads}; expected at least 0.");
        (_trainer, _path) = (trainer, path);
        _filters = new FilterPictures(trainer.Model);
    }

    /// <summary>Seconds that measuring layers and drawing filters have taken so far; they are part of the time of the epochs.</summary>
    public double MeasuringSeconds => _measuring;

    private long Every => _every * (_layers?.Stride ?? 1);

    /// <inheritdoc/>
    public override void OnFitStart(FitStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _start = start;
        _batches = new ThinnedSeries();
        _filters = new FilterPictures(_trainer.Model);
        _layers = null;
        _epochs.Clear();
        _epochs.AddRange(start.EarlierEpochs);
        (_result, _run, _times, _last) = (null, null, [], null);
        (_step, _loss, _lossCount, _measuring) = (start.FirstStep, 0, 0, 0);
        _every = _options.StatisticsSteps > 0
            ? _options.StatisticsSteps
            : Math.Max(LeastSteps, start.BatchesPerEpoch / StatisticsPerEpoch);
        if (start.FirstStep == 0)
            _filters.Draw(0);
        Write();
    }

    /// <inheritdoc/>
    public override void OnBatch(in FitProgress progress)
    {
        _last = progress;
        _loss += progress.BatchLoss;
        _lossCount++;
        if (progress.Step <= _step)
            return;
        _step = progress.Step;
        _batches.Add(_step, _loss / _lossCount, progress.LearningRate);
        (_loss, _lossCount) = (0, 0);
        if (_options.Samples is not null && (_step == 1 || _step % Every == 0))
            MeasureLayers(_options.Samples);
        if (_options.Live is { HasReaders: true } live && Stopwatch.GetElapsedTime(_published) > s_publishing)
            Publish(live, ToJson());
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written; an old one is as it was.</exception>
    public override void OnEpoch(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _epochs.Add(result);
        long begun = Stopwatch.GetTimestamp();
        _filters.Draw(result.Epoch);
        _measuring += Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Write();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written; an old one is as it was.</exception>
    public override void OnFitEnd(FitResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _result = result;
        // Of an epoch that was cancelled in its validation nothing is shown.
        var own = _epochs.ToDictionary(epoch => epoch.Epoch);
        _epochs.Clear();
        _epochs.AddRange(result.Epochs.Select(epoch => own.GetValueOrDefault(epoch.Epoch) ?? epoch));
        if (_options.Images is { } images && ClassifierRun.Obstacle(_trainer.Model, images) is null && result.Steps > 0)
            Complete(_trainer.Model, images, _options.ImagesName, _options.ImageName);
        else
            Write();
    }

    /// <summary>
    /// Measures the trained model on images and its layers' time, and writes the file once more: for models that are put together from the
    /// one that was trained, or images that are for the test alone. <see cref="TrainingReportOptions.Images"/> does it by itself.
    /// </summary>
    /// <param name="model">The whole model, with one input and one output.</param>
    /// <param name="images">The images.</param>
    /// <param name="imagesName">What they are called, such as <c>the test images</c>.</param>
    /// <param name="imageName">The name of an image by its index; null for its number.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <exception cref="ArgumentException">The model is no classifier of such images; the sentence says why.</exception>
    /// <exception cref="NotFiniteNumberException">An output is infinite or NaN.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is as it was.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Complete(Model model, IImageDataset images, string imagesName = "the test images", Func<int, string>? imageName = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        if (ClassifierRun.Obstacle(model, images) is { } obstacle)
            throw new ArgumentException("TrainingReport: " + obstacle, nameof(images));
        _run = ClassifierRun.Measure(model, images, _options.MaxThreads, cancellationToken);
        (_runName, _imageName) = (imagesName, imageName);
        _times = ReportFigures.Profile(model);
        Write();
    }

    /// <summary>The page as it is now, such as for a notebook.</summary>
    /// <returns>HTML that needs nothing beside itself.</returns>
    public string ToHtml() => ReportPage.Html(ToJson().WrittenSpan);

    private void MeasureLayers(IDataset samples)
    {
        long begun = Stopwatch.GetTimestamp();
        _layers ??= new LayerStatistics(_trainer.Model, _trainer.Loss, samples, _options.MaxThreads);
        _layers.Measure(_step);
        _measuring += Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private void Write()
    {
        if (_path is null && _options.Live is null)
            return;
        ArrayBufferWriter<byte> json = ToJson();
        if (_options.Live is { } live)
            Publish(live, json);
        if (_path is not null)
            ReportPage.Save(_path, ReportPage.Html(json.WrittenSpan));
    }

    private void Publish(LivePage live, ArrayBufferWriter<byte> json)
    {
        live.Publish(json.WrittenSpan.ToArray());
        _published = Stopwatch.GetTimestamp();
    }

    private ArrayBufferWriter<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("kind", "training");
        json.WriteString("title", _options.Title);
        json.WriteString("state", State());
        WriteSummary(json);
        WriteEpochs(json);
        WriteBatches(json);
        WriteLayers(json);
        WriteFilters(json);
        WriteResults(json);
        ReportFigures.WritePairs(json, "configuration", [.. _options.Configuration, .. ReportFigures.Machine(_options.MaxThreads),
            new("begun", _begun.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture))]);
        json.WriteEndObject();
        return buffer;
    }

    private string State()
    {
        string done = string.Create(CultureInfo.InvariantCulture,
            $"{_epochs.Count} of {_start?.Epochs ?? 0} epochs, {_step:N0} steps");
        if (_result is null)
            return _last is { } last ? string.Create(CultureInfo.InvariantCulture, $"Training: {done}, about " +
                $"{Math.Floor(last.Remaining.TotalHours):00}:{last.Remaining:mm\\:ss} left without validation.") : $"Training: {done}.";
        string how = _result.Cancelled ? "Cancelled" : _result.StoppedEarly ? "Stopped early" : "Complete";
        return $"{how}: {done}.";
    }

    private void WriteSummary(Utf8JsonWriter json)
    {
        json.WriteStartArray("summary");
        EpochResult? last = _epochs.LastOrDefault();
        Fact(json, "epochs", _epochs.Count);
        Fact(json, "steps", _step);
        Fact(json, "training loss", last?.TrainLoss);
        Fact(json, "training accuracy", last?.TrainAccuracy);
        Fact(json, "validation loss", last?.Validation?.Loss);
        Fact(json, "validation accuracy", last?.Validation?.Accuracy);
        Fact(json, "best epoch", _result?.BestEpoch);
        if (_run is not null)
        {
            Fact(json, "accuracy at the end", _run.Confusion.Accuracy);
            Fact(json, "calibration error", _run.CalibrationError);
        }

        Fact(json, "seconds", _result?.Seconds ?? _epochs.Sum(epoch => epoch.Seconds));
        Fact(json, "samples a second", _result?.SamplesPerSecond ?? last?.SamplesPerSecond);
        json.WriteEndArray();
        json.WriteStartArray("warnings");
        foreach (string warning in _layers?.Warnings() ?? [])
            json.WriteStringValue(warning);
        json.WriteEndArray();
    }

    private static void Fact(Utf8JsonWriter json, string name, double? value)
    {
        if (value is null)
            return;
        json.WriteStartArray();
        json.WriteStringValue(name);
        ReportFigures.WriteNumber(json, value);
        json.WriteEndArray();
    }

    private void WriteEpochs(Utf8JsonWriter json)
    {
        string[] names = [.. _epochs.SelectMany(epoch => EpochFigures.Of(epoch)).Select(figure => figure.Key).Distinct()];
        json.WriteStartObject("epochs");
        json.WriteStartArray("names");
        json.WriteStringValue("epoch");
        foreach (string name in names)
            json.WriteStringValue(name);
        json.WriteStringValue("learning_rate");
        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (EpochResult epoch in _epochs)
        {
            var figures = new Dictionary<string, double>(EpochFigures.Of(epoch));
            json.WriteStartArray();
            json.WriteNumberValue(epoch.Epoch);
            foreach (string name in names)
                ReportFigures.WriteNumber(json, figures.TryGetValue(name, out double figure) ? figure : null);
            json.WriteNumberValue(epoch.LearningRate);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteBatches(Utf8JsonWriter json)
    {
        ThinnedSeries.Point[] points = [.. _batches.Points];
        json.WriteStartObject("batches");
        ReportFigures.WriteNumbers(json, "x", points.Select(point => (double)point.Step));
        ReportFigures.WriteNumbers(json, "loss", points.Select(point => ReportFigures.Short(point.Value)));
        ReportFigures.WriteNumbers(json, "smooth", points.Select(point => ReportFigures.Short(point.Smooth)));
        ReportFigures.WriteNumbers(json, "rate", points.Select(point => ReportFigures.Short(point.Rate)));
        json.WriteEndObject();
    }

    private void WriteLayers(Utf8JsonWriter json)
    {
        if (_layers is null)
            return;
        json.WriteStartObject("layers");
        json.WriteString("words", string.Create(CultureInfo.InvariantCulture, $"Measured on the same {_layers.Samples} training samples, " +
            $"unchanged, now after every {Every} steps, by passes of their own, which took {_measuring:0.00} s in all."));
        ReportFigures.WriteNumbers(json, "steps", _layers.Steps.Select(step => (double)step));
        json.WriteStartArray("series");
        foreach ((string kind, string name, IEnumerable<double> values) in _layers.Series)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteString("name", name);
            string form = kind is "mean" or "deviation" ? "g4" : "g6";
            ReportFigures.WriteNumbers(json, "values", values.Select(value => ReportFigures.Short(value, form)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteFilters(Utf8JsonWriter json)
    {
        if (_filters.Pictures.Count == 0)
            return;
        json.WriteString("filtersOf", $"'{_filters.Layer}'");
        json.WriteStartArray("filters");
        foreach ((int epoch, string picture) in _filters.Pictures)
        {
            json.WriteStartObject();
            json.WriteString("when", epoch == 0 ? "before the first step" : string.Create(CultureInfo.InvariantCulture,
                $"after epoch {epoch}"));
            json.WriteString("picture", picture);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteResults(Utf8JsonWriter json)
    {
        IReadOnlyList<string>? names = _trainer.Model.ClassNames ?? _options.Images?.ClassNames;
        if (_run is not null)
        {
            ReportFigures.WriteClasses(json, _run.Confusion, _runName, names);
            ReportFigures.WriteAnswers(json, _run, _runName, names, _imageName);
            ReportFigures.WriteTimes(json, _times);
        }
        else if (_epochs.LastOrDefault() is { Validation.Confusion: { } confusion } epoch)
        {
            ReportFigures.WriteClasses(json, confusion, string.Create(CultureInfo.InvariantCulture,
                $"the validation after epoch {epoch.Epoch}"), names);
        }
    }
}
