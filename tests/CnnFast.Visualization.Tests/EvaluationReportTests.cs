using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Visualization.Tests;

public sealed class EvaluationReportTests
{
    [Fact]
    public async Task The_page_shows_the_numbers_of_the_evaluation()
    {
        Model model = Trained();
        EvaluationReport report = EvaluationReport.Measure(model, SmallTraining.Validation, new EvaluationReportOptions { MaxThreads = 2 });
        EvaluationResult plain = Evaluator.Evaluate(model, SmallTraining.Validation);
        Assert.Equal(plain.Accuracy, report.Accuracy);
        Assert.Equal(plain.Loss, report.Loss, 1e-5);
        Assert.Equal(CalibrationError(model, SmallTraining.Validation), report.CalibrationError, 1e-6);

        string path = Path.Combine(Directory.CreateTempSubdirectory("cnnfast-report-").FullName, "evaluation.html");
        report.Save(path);
        await using Chromium chromium = await Chromium.StartAsync();
        await chromium.OpenAsync(path);
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync("evaluation-light");
        Assert.Equal([new Uri(path).AbsoluteUri], chromium.Requests);
        Assert.Equal(report.CalibrationError, await chromium.Page.EvaluateExpressionAsync<double>("+ece.dataset.value"));
        double[][] classes = await chromium.Page.EvaluateExpressionAsync<double[][]>(
            "[...document.querySelectorAll('.per-class tbody tr')].map(row => [...row.children].slice(1).map(td => +td.dataset.value))");
        for (int k = 0; k < 10; k++)
            Assert.Equal([report.Confusion.Precision(k), report.Confusion.Recall(k), report.Confusion.F1(k), report.Confusion.Count(k)],
                classes[k]);
        double[] confidences = await chromium.Page.EvaluateExpressionAsync<double[]>(
            "JSON.parse(data.textContent).mistakes.map(one => one.confidence)");
        Assert.NotEmpty(confidences);
        Assert.Equal(confidences.OrderDescending(), confidences);
        File.Delete(path);
    }

    [Fact]
    public void Logits_become_probabilities()
    {
        Model model = Trained(), logits = model.Cut("head");
        logits.Normalization = model.Normalization;
        EvaluationReport a = EvaluationReport.Measure(model, SmallTraining.Validation);
        EvaluationReport b = EvaluationReport.Measure(logits, SmallTraining.Validation);
        Assert.Equal(a.Loss, b.Loss, 1e-5);
        Assert.Equal(a.CalibrationError, b.CalibrationError, 1e-5);
    }

    [Fact]
    public async Task Many_classes_are_a_list_of_mistakes()
    {
        var random = new Random(1);
        var pixels = new byte[200 * 64];
        random.NextBytes(pixels);
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 60)];
        var images = new ImageDataset(new Shape(8, 8, 1), 60, pixels, labels);
        Model model = new Sequential(new Flatten(), new Dense(60), new Softmax()).Build(new Shape(8, 8, 1));
        EvaluationReport report = EvaluationReport.Measure(model, images);
        string path = Path.Combine(Directory.CreateTempSubdirectory("cnnfast-report-").FullName, "many.html");
        report.Save(path);
        await using Chromium chromium = await Chromium.StartAsync();
        await chromium.OpenAsync(path);
        await chromium.RequireSoundAsync();
        int[] counts = await chromium.Page.EvaluateExpressionAsync<int[]>(
            "[...document.querySelectorAll('#classes figure:first-child tbody tr')].map(row => +row.lastChild.dataset.value)");
        Assert.Equal(50, counts.Length);
        int most = Enumerable.Range(0, 3600).Where(i => i / 60 != i % 60).Max(i => (int)report.Confusion[i / 60, i % 60]);
        Assert.Equal(most, counts[0]);
        File.Delete(path);
    }

    [Theory]
    [InlineData(1, new byte[] { 9, 9, 9 })]
    [InlineData(3, new byte[] { 9, 80, 200 })]
    [InlineData(4, new byte[] { 9, 80, 200 })]
    public void Pictures_of_mistakes_have_the_colours_of_the_images(int channels, byte[] color)
    {
        var images = new ImageDataset(new Shape(1, 1, channels), 2, new byte[] { 9, 80, 200, 255 }.AsSpan(0, channels), [0]);
        Model model = new Sequential(new Flatten(), new Dense(2)).Build(images.ImageShape);
        string address = ClassifierRun.Measure(model, images, 1, TestContext.Current.CancellationToken).PictureOf(0);
        using Image<Rgb24> picture = Image.Load<Rgb24>(Convert.FromBase64String(address[(address.IndexOf(',') + 1)..]));
        Assert.Equal(new Rgb24(color[0], color[1], color[2]), picture[0, 0]);
    }

    [Fact]
    public void Other_models_are_refused_in_one_sentence()
    {
        Model regression = new Sequential(new Flatten(), new Dense(10, activation: Activation.Tanh)).Build(new Shape(28, 28, 1));
        Assert.Contains("ends in Tanh", Assert.Throws<ArgumentException>(
            () => EvaluationReport.Measure(regression, SmallTraining.Validation)).Message, StringComparison.Ordinal);
        Model small = new Sequential(new Flatten(), new Dense(10), new Softmax()).Build(new Shape(14, 14, 1));
        Assert.Contains("the images are [28, 28, 1]", Assert.Throws<ArgumentException>(
            () => EvaluationReport.Measure(small, SmallTraining.Validation)).Message, StringComparison.Ordinal);
    }

    private static Model Trained()
    {
        Model model = SmallTraining.Net();
        new Trainer(model, new Adam(3e-3f)).Fit(SmallTraining.Train, SmallTraining.Options());
        return model;
    }

    // By the definition, image by image.
    private static double CalibrationError(Model model, ImageDataset images)
    {
        const int Bins = 15;
        var input = new float[784];
        var bins = new List<(double Confidence, bool IsRight)>[Bins];
        for (int i = 0; i < images.Count; i++)
        {
            model.Normalization.Apply(images.GetImageBytes(i), input);
            float[] output = model.Predict(input);
            float confidence = output.Max();
            int bin = Enumerable.Range(0, Bins).First(k => confidence <= (k + 1.0) / Bins || k == Bins - 1);
            (bins[bin] ??= []).Add((confidence, Array.IndexOf(output, confidence) == images.Labels[i]));
        }

        return bins.Where(bin => bin is not null).Sum(bin => (double)bin.Count / images.Count
            * Math.Abs(bin.Average(one => one.IsRight ? 1 : 0) - bin.Average(one => one.Confidence)));
    }
}
