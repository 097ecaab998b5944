using System.Text;
using CnnFast.Data;
using CnnFast.Training;
using PuppeteerSharp;

namespace CnnFast.Visualization.Tests;

public sealed class TrainingReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnfast-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_page_shows_the_numbers_of_the_run()
    {
        string path = Path.Combine(_folder, "report.html");
        Model model = SmallTraining.Net();
        var trainer = new Trainer(model, new Adam(3e-3f));
        FitResult result = trainer.Fit(SmallTraining.Train, SmallTraining.Options(Report(trainer, path)));

        await using Chromium chromium = await Chromium.StartAsync();
        await chromium.OpenAsync(path);
        await chromium.RequireSoundAsync();
        Assert.Equal([new Uri(path).AbsoluteUri], chromium.Requests);
        await chromium.KeepAsync("training-light");

        string[] names = await chromium.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('.epochs thead th')].map(node => node.textContent)");
        double[][] rows = await chromium.Page.EvaluateExpressionAsync<double[][]>(
            "[...document.querySelectorAll('.epochs tbody tr')].map(row => [...row.querySelectorAll('td')].map(td => +td.dataset.value))");
        Assert.Equal(3, rows.Length);
        foreach ((EpochResult epoch, double[] row) in result.Epochs.Zip(rows))
        {
            var shown = names.Skip(1).Zip(row).ToDictionary(pair => pair.First, pair => pair.Second);
            foreach ((string name, double figure) in EpochFigures.Of(epoch))
                Assert.Equal(figure, shown[name]);
            Assert.Equal(epoch.LearningRate, (float)shown["learning_rate"]);
        }

        EvaluationResult test = Evaluator.Evaluate(model, SmallTraining.Validation);
        Assert.Equal(test.Accuracy!.Value, await FactAsync(chromium, "accuracy at the end"));
        long[][] counts = await chromium.Page.EvaluateExpressionAsync<long[][]>(
            "[...document.querySelectorAll('.confusion tbody tr')].map(row => [...row.children].slice(1).map(td => +td.dataset.value))");
        for (int label = 0; label < 10; label++)
            Assert.Equal(Enumerable.Range(0, 10).Select(k => test.Confusion![label, k]), counts[label]);
        int wrong = (int)(test.Confusion!.Total - Enumerable.Range(0, 10).Sum(k => test.Confusion[k, k]));
        Assert.Equal(Math.Min(wrong, 24), await chromium.Page.EvaluateExpressionAsync<int>(
            "document.querySelectorAll('#mistakes img').length"));
        Assert.Equal(4, await chromium.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('#filters img').length"));
        string[] charts = await chromium.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('#layers figure')].map(node => node.ariaLabel)");
        Assert.Equal(["Gradient norms", "Weight norms", "Activation means", "Activation deviations", "Zeros after ReLU", "Dead channels"],
            charts);
        Assert.Equal(60, await chromium.Page.EvaluateExpressionAsync<int>("JSON.parse(data.textContent).batches.x.length"));
    }

    [Theory]
    [InlineData("dark", 1200)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task The_page_is_sound_in_the_dark_and_on_a_phone(string scheme, int width)
    {
        string path = Path.Combine(_folder, "report.html");
        var trainer = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
        trainer.Fit(SmallTraining.Train, SmallTraining.Options(Report(trainer, path)) with { Epochs = 1 });
        await using Chromium chromium = await Chromium.StartAsync(width);
        await chromium.SetSchemeAsync(scheme);
        await chromium.OpenAsync(path);
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync($"training-{scheme}-{width}");
        string page = await chromium.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(scheme == "dark" ? "rgb(18, 21, 28)" : "rgb(255, 255, 255)", page);
    }

    [Fact]
    public async Task Charts_follow_the_width_of_the_window()
    {
        string path = Path.Combine(_folder, "report.html");
        var trainer = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
        trainer.Fit(SmallTraining.Train, SmallTraining.Options(Report(trainer, path)) with { Epochs = 1 });
        await using Chromium chromium = await Chromium.StartAsync();
        await chromium.OpenAsync(path);
        foreach (int width in (int[])[390, 700, 1200])
        {
            await chromium.Page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
            double[] rooms = await chromium.Page.EvaluateFunctionAsync<double[]>(
                """
                () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
                  [...document.querySelectorAll(".chart")].map(chart => chart.clientWidth - chart.querySelector(".u-wrap").offsetWidth)))))
                """);
            Assert.NotEmpty(rooms);
            Assert.All(rooms, room => Assert.True(Math.Abs(room) <= 1, $"{width}: {room}"));
            await chromium.RequireSoundAsync();
        }
    }

    [Fact]
    public async Task Figures_are_copied_and_opened_by_keyboard()
    {
        string path = Path.Combine(_folder, "report.html");
        var trainer = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
        FitResult result = trainer.Fit(SmallTraining.Train, SmallTraining.Options(Report(trainer, path)) with { Epochs = 2 });
        await using Chromium chromium = await Chromium.StartAsync();
        await chromium.OpenAsync(path);
        await chromium.Page.EvaluateExpressionAsync(
            "Object.defineProperty(navigator, 'clipboard', { value: { writeText: text => { window.copied = text; } } })");
        await chromium.Page.FocusAsync("button[aria-label='Copy CSV of Loss']");
        await chromium.Page.Keyboard.PressAsync("Enter");
        string csv = await chromium.Page.EvaluateExpressionAsync<string>("window.copied");
        string[] lines = csv.TrimEnd('\n').Split('\n');
        Assert.Equal("epoch,train/loss,validation/loss", lines[0]);
        Assert.Equal(result.Epochs.Select(epoch => FormattableString.Invariant(
            $"{epoch.Epoch},{epoch.TrainLoss:R},{epoch.Validation!.Loss:R}")), lines[1..]);
        await chromium.Page.WaitForFunctionAsync("() => said.textContent.includes('copied')");
        await chromium.Page.FocusAsync("button[aria-label='Copy CSV of Options and machine']");
        await chromium.Page.Keyboard.PressAsync("Enter");
        Assert.Contains("\nremark,\"two\rlines\"\n", await chromium.Page.EvaluateExpressionAsync<string>("window.copied"),
            StringComparison.Ordinal);

        await chromium.Page.FocusAsync("details[data-table='Loss'] summary");
        await chromium.Page.Keyboard.PressAsync("Enter");
        await chromium.Page.WaitForFunctionAsync("() => document.querySelectorAll(\"details[data-table='Loss'] tbody tr\").length === 2");
        Assert.Empty(chromium.Errors);
    }

    [Fact]
    public void The_training_is_the_same_with_a_report_and_without()
    {
        Model plain = SmallTraining.Net(), shown = SmallTraining.Net();
        new Trainer(plain, new Adam(3e-3f)).Fit(SmallTraining.Train, SmallTraining.Options());
        var trainer = new Trainer(shown, new Adam(3e-3f));
        trainer.Fit(SmallTraining.Train, SmallTraining.Options(Report(trainer, null)));
        foreach ((Parameter a, Parameter b) in plain.Parameters.Zip(shown.Parameters))
            Assert.Equal(a.Values.ToArray(), b.Values.ToArray());
    }

    [Fact]
    public void A_page_is_there_after_every_epoch()
    {
        string path = Path.Combine(_folder, "report.html");
        var trainer = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
        var pages = new List<string>();
        trainer.Fit(SmallTraining.Train, SmallTraining.Options(Report(trainer, path), new Reader(path, pages)));
        Assert.Equal(3, pages.Count);
        for (int i = 0; i < pages.Count; i++)
            Assert.Contains($"\"state\":\"Training: {i + 1} of 3 epochs, {20 * (i + 1)} steps", pages[i], StringComparison.Ordinal);
        Assert.Contains("\"state\":\"Complete: 3 of 3 epochs, 60 steps", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_training_has_its_earlier_epochs()
    {
        string checkpoint = Path.Combine(_folder, "run.checkpoint"), path = Path.Combine(_folder, "report.html");
        FitOptions options = SmallTraining.Options() with { Checkpoints = new CheckpointOptions(checkpoint) };
        using (var stop = new CancellationTokenSource())
        {
            var first = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
            first.Fit(SmallTraining.Train, options with { Callbacks = [new Canceller(stop)] }, null, stop.Token);
        }

        var trainer = new Trainer(SmallTraining.Net(), new Adam(3e-3f));
        trainer.LoadCheckpoint(checkpoint);
        var pages = new List<string>();
        trainer.Resume(SmallTraining.Train, options with { Callbacks = [Report(trainer, path), new Reader(path, pages)] });
        Assert.Contains("\"state\":\"Training: 2 of 3 epochs", pages[0], StringComparison.Ordinal);
        Assert.All(pages, page => Assert.Contains("\"rows\":[[1,", page, StringComparison.Ordinal));
        Assert.Contains("\"rows\":[[1,", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_training_stays_below_5_MB()
    {
        const int Epochs = 100, Batches = 1000;
        Model model = ModelZoo.Find("resnet50")!.Build(seed: 1);
        var trainer = new Trainer(model, new Adam());
        var report = new TrainingReport(trainer, null, new TrainingReportOptions { Images = null });
        report.OnFitStart(new FitStart(Epochs, Batches, 0, 0, ["validation"]));
        var random = new Random(1);
        var matrix = new ConfusionMatrixBuilder(100);
        for (int i = 0; i < 100_000; i++)
            matrix.Add(random.Next(100), random.Next(100));
        var evaluation = new EvaluationResult(1.23456789012345, 0.123456789012345, 100_000) { Confusion = matrix.ToMatrix() };
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            for (int batch = 1; batch <= Batches; batch++)
            {
                var progress = new FitProgress(epoch, Epochs, batch, Batches, 1, 0.5, random.NextSingle(), 100, null)
                {
                    Step = ((epoch - 1) * Batches) + batch,
                    BatchLoss = random.NextDouble(),
                };
                report.OnBatch(progress);
            }

            report.OnEpoch(new EpochResult(epoch, random.NextDouble(), random.NextDouble(), evaluation, 12.3456789, 1234.56789));
        }

        int bytes = Encoding.UTF8.GetByteCount(report.ToHtml());
        Assert.True(bytes < 5_000_000, $"{bytes} bytes");

        // What the layers and the mistakes may add at most: 128 measurements of 2 curves a layer with parameters and 4 one with an
        // activation, 24 pictures of 96x96x3 bytes.
        int curves = (2 * model.Layers.Count) + (4 * model.Layers.Count(layer => layer.Activation is not null));
        int layers = LayerStatistics.MaxSamples * curves * 13, pictures = 24 * 96 * 96 * 3 * 3 / 2;
        Assert.True(bytes + layers + pictures < 5_000_000, $"{bytes} + {layers} + {pictures} bytes");
    }

    [Fact]
    public void A_training_of_days_says_all_its_hours()
    {
        var report = new TrainingReport(new Trainer(SmallTraining.Net(), new Adam()), null);
        report.OnFitStart(new FitStart(100, 10, 0, 0, []));
        report.OnBatch(new FitProgress(1, 100, 1, 10, 1, 0.5, 1e-3f, 100, null) { Step = 1, Remaining = new TimeSpan(2, 3, 4, 5) });
        Assert.Contains("about 51:04:05 left", report.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_cannot_leave_its_place()
    {
        var trainer = new Trainer(SmallTraining.Net(), new Adam());
        var options = new TrainingReportOptions { Title = "</script><script>alert(1)</script>" };
        string html = new TrainingReport(trainer, null, options).ToHtml();
        Assert.DoesNotContain("</script><script>alert", html, StringComparison.Ordinal);
    }

    private static TrainingReport Report(Trainer trainer, string? path) => new(trainer, path, new TrainingReportOptions
    {
        Title = "Small net on digits",
        Samples = SmallTraining.Train,
        Images = SmallTraining.Validation,
        MaxThreads = 2,
        Configuration = [new("seed", "0"), new("remark", "two\rlines")],
    });

    private static Task<double> FactAsync(Chromium chromium, string name) => chromium.Page.EvaluateExpressionAsync<double>(
        $"+document.querySelector(\"[data-fact='{name}']\").dataset.value");

    private sealed class Reader(string path, List<string> pages) : TrainingCallback
    {
        public override void OnEpoch(EpochResult result) => pages.Add(File.ReadAllText(path));
    }

    private sealed class Canceller(CancellationTokenSource stop) : TrainingCallback
    {
        public override void OnBatch(in FitProgress progress)
        {
            if (progress.Step == 30)
                stop.Cancel();
        }
    }
}
