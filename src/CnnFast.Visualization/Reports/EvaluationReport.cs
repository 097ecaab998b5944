using System.Text.Json;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Visualization;

/// <summary>
/// How a classifier does on images, as one HTML file that needs nothing beside itself: confusion matrix, precision, recall and F1 of every
/// class, calibration, the mistakes that it was surest of with their pictures, time of layers. Immutable.
/// </summary>
public sealed class EvaluationReport
{
    private readonly ClassifierRun _run;
    private readonly Model _model;
    private readonly EvaluationReportOptions _options;
    private readonly IReadOnlyList<string>? _classNames;
    private readonly IReadOnlyList<NodeProfile> _times;

    private EvaluationReport(Model model, ClassifierRun run, EvaluationReportOptions options, IReadOnlyList<string>? classNames)
    {
        (_model, _run, _options, _classNames) = (model, run, options, classNames);
        _times = ReportFigures.Profile(model);
    }

    /// <summary>Labels against predictions.</summary>
    public ConfusionMatrix Confusion => _run.Confusion;

    /// <summary>The part that is right, 0 to 1.</summary>
    public double Accuracy => _run.Confusion.Accuracy;

    /// <summary>The mean cross-entropy, in nats.</summary>
    public double Loss => _run.Loss;

    /// <summary>
    /// The expected calibration error, 0 to 1: Σ (n of bin / n) · |accuracy of bin − mean confidence of bin| over 15 bins of equal width
    /// (Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", 2017, equation 3).
    /// </summary>
    public double CalibrationError => _run.CalibrationError;

    /// <summary>Measures a classifier; images are normalised as it was trained (<see cref="Model.Normalization"/>).</summary>
    /// <param name="model">One input <c>[H, W, C]</c> and one output: <c>[classes]</c> with Softmax, LogSoftmax or nothing at its end, or
    /// one value after Sigmoid for two classes.</param>
    /// <param name="images">The images, with one label each.</param>
    /// <param name="options">What the page says.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The model is no classifier of such images; the sentence says why.</exception>
    /// <exception cref="NotFiniteNumberException">An output is infinite or NaN.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EvaluationReport Measure(Model model, IImageDataset images, EvaluationReportOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new EvaluationReportOptions();
        if (ClassifierRun.Obstacle(model, images) is { } obstacle)
            throw new ArgumentException("EvaluationReport: " + obstacle, nameof(model));
        ClassifierRun run = ClassifierRun.Measure(model, images, options.MaxThreads, cancellationToken);
        return new EvaluationReport(model, run, options, model.ClassNames ?? images.ClassNames);
    }

    /// <summary>The page, such as for a notebook.</summary>
    /// <returns>HTML that needs nothing beside itself.</returns>
    public string ToHtml() => ReportPage.Html(Write);

    /// <summary>Writes the page; an old file is replaced in one step.</summary>
    /// <param name="path">The HTML file.</param>
    /// <exception cref="IOException">The file cannot be written; an old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path) => ReportPage.Save(path, ToHtml());

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "evaluation");
        json.WriteString("title", _options.Title);
        json.WriteString("state", $"{_model} on {_options.ImagesName}.");
        json.WriteStartArray("summary");
        Fact(json, "images", Confusion.Total);
        Fact(json, "accuracy", Accuracy);
        Fact(json, "macro F1", Confusion.MacroF1);
        Fact(json, "loss", Loss);
        Fact(json, "calibration error", CalibrationError);
        Fact(json, "wrong", _run.WrongCount);
        json.WriteEndArray();
        ReportFigures.WriteClasses(json, Confusion, _options.ImagesName, _classNames);
        ReportFigures.WriteAnswers(json, _run, _options.ImagesName, _classNames, _options.ImageName);
        ReportFigures.WriteTimes(json, _times);
        ReportFigures.WritePairs(json, "configuration", [.. _options.Configuration, new("normalisation", _model.Normalization.ToString()),
            .. ReportFigures.Machine(_options.MaxThreads)]);
        json.WriteEndObject();
    }

    private static void Fact(Utf8JsonWriter json, string name, double value)
    {
        json.WriteStartArray();
        json.WriteStringValue(name);
        ReportFigures.WriteNumber(json, value);
        json.WriteEndArray();
    }
}
