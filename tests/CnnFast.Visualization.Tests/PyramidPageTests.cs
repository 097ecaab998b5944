using System.Globalization;
using CnnFast.Data;

namespace CnnFast.Visualization.Tests;

/// <summary>The page of one input's way through a model, in a browser.</summary>
public sealed class PyramidPageTests : IDisposable
{
    private const int Digit = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnfast-pyramid-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_page_shows_the_figures_of_the_run()
    {
        Model model = SmallTraining.Net();
        (Activations activations, PyramidOptions options) = Run(model);
        await using Chromium chromium = await Chromium.StartAsync();
        string path = await OpenAsync(chromium, activations, options);
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync("pyramid-light");
        Assert.Equal([new Uri(path).AbsoluteUri], chromium.Requests);

        string[][] classes = await TableAsync(chromium, ".classes");
        float[] output = model.Predict(activations.Input.Values.ToArray());
        Assert.Equal(10, classes.Length);
        for (int i = 0; i < classes.Length; i++)
        {
            Assert.Equal($"class {i}", classes[i][0]);
            Assert.Equal(ClassBar.Percent(activations.Probabilities[i]), classes[i][2]);
        }

        double[][] shown = await ValuesAsync(chromium, ".classes");
        Assert.Equal(activations.Probabilities, shown.Select(row => (float)row[0]));
        Assert.All(output.Zip(shown), pair => Assert.Equal(pair.First, pair.Second[0], 1e-6));
        double[] bars = await chromium.Page.EvaluateExpressionAsync<double[]>(
            "[...document.querySelectorAll('.bar')].map(bar => bar.offsetWidth / bar.parentElement.clientWidth)");
        double[] kept = [.. bars.Select(bar => bar / bars.Max())];
        Assert.All(kept.Zip(activations.Probabilities), pair =>
            Assert.Equal(pair.Second / activations.Probabilities.Max(), pair.First, 0.05));

        await RequireFiguresAsync(chromium, 1, [activations.Input, .. activations.Layers]);
        await RequireFiguresAsync(chromium, 2, [.. options.Gradients!.Layers, options.Gradients.Output]);
        string head = await chromium.Page.EvaluateExpressionAsync<string>("document.querySelector('main').innerText");
        Assert.Contains($"Guess: class {activations.Predicted} ({ClassBar.Percent(output.Max())}); the right class is class 9", head,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dark", 1200)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    [InlineData("light", 360)]
    public async Task The_page_is_sound_in_the_dark_and_on_a_phone(string scheme, int width)
    {
        (Activations activations, PyramidOptions options) = Run(SmallTraining.Net());
        await using Chromium chromium = await Chromium.StartAsync(width);
        await chromium.SetSchemeAsync(scheme);
        await OpenAsync(chromium, activations, options);
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync($"pyramid-{scheme}-{width}");
        Assert.Equal(scheme == "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)",
            await chromium.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor"));

        // A phone shows every picture and the bars of the classes whole.
        string[] cut = await chromium.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('.picture, [aria-label=\"Table of classes\"]')]"
            + ".filter(node => node.scrollWidth > node.clientWidth).map(node => node.ariaLabel)");
        Assert.Empty(cut);
    }

    [Fact]
    public async Task Many_classes_with_long_names_fit_a_phone()
    {
        Model model = ModelZoo.Find("squeezenet")!.Build(seed: 1);
        string word = new('w', 70);
        model.ClassNames = [.. Enumerable.Range(0, 1000).Select(i => $"{word} <b>{i}</b> & \"friends\"")];
        var activations = new Activations(model, Nets.Input(model), "conv2d_1*");
        await using Chromium chromium = await Chromium.StartAsync(390);
        await OpenAsync(chromium, activations, new PyramidOptions { Label = 3 });
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync("pyramid-names");
        string[][] classes = await TableAsync(chromium, ".classes");
        int[] best = [.. Enumerable.Range(0, 1000).OrderByDescending(i => activations.Probabilities[i]).Take(10)];
        int[] expected = best.Contains(3) ? best : [.. best, 3];
        Assert.Equal(expected.Select(i => model.ClassNames[i]), classes.Select(row => row[0]));
        Assert.Equal(expected.Select(i => i.ToString(CultureInfo.InvariantCulture)), classes.Select(row => row[2]));
    }

    [Fact]
    public async Task A_model_that_is_no_classifier_has_a_sound_page()
    {
        Model model = Nets.Trained(new Layers.ReLU()).Cut("tanh");
        await using Chromium chromium = await Chromium.StartAsync(390);
        await OpenAsync(chromium, new Activations(model, Nets.Input(model), "*"), new PyramidOptions());
        await chromium.RequireSoundAsync();
        Assert.Equal(0, await chromium.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('#classes').length"));
    }

    private static (Activations Activations, PyramidOptions Options) Run(Model model)
    {
        TrainTestDatasets digits = DigitDataset.LoadEmbedded();
        var activations = new Activations(model, digits.Test.GetImageBytes(Digit));
        int label = digits.Test.GetLabel(Digit);
        return (activations, new PyramidOptions
        {
            Label = label,
            Gradients = new Gradients(model, activations.Input.Values.Span, label),
            Saliency = true,
            Cam = true,
            Filters = true,
            Title = "A digit",
        });
    }

    private static async Task RequireFiguresAsync(Chromium chromium, int table, LayerValues[] layers)
    {
        string query = $".scroll:nth-of-type({table}) > .figures";
        string[][] texts = await TableAsync(chromium, query);
        double[][] values = await ValuesAsync(chromium, query);
        Assert.Equal(layers.Length, texts.Length);
        for (int i = 0; i < layers.Length; i++)
        {
            LayerValues layer = layers[i];
            Assert.Equal([layer.Name, layer.Kind, layer.Shape.ToString(), Text(layer.Minimum), Text(layer.Mean), Text(layer.Maximum),
                (layer.ZeroShare * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %"], texts[i]);
            Assert.Equal([layer.Minimum, layer.Mean, layer.Maximum, layer.ZeroShare],
                [(float)values[i][0], values[i][1], (float)values[i][2], values[i][3]]);
        }
    }

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static Task<string[][]> TableAsync(Chromium chromium, string query) => chromium.Page.EvaluateFunctionAsync<string[][]>(
        "query => [...document.querySelectorAll(query + ' tbody tr')].map(row => [...row.children].map(cell => cell.textContent))", query);

    private static Task<double[][]> ValuesAsync(Chromium chromium, string query) => chromium.Page.EvaluateFunctionAsync<double[][]>(
        "query => [...document.querySelectorAll(query + ' tbody tr')]"
        + ".map(row => [...row.querySelectorAll('[data-value]')].map(cell => +cell.dataset.value))", query);

    private async Task<string> OpenAsync(Chromium chromium, Activations activations, PyramidOptions options)
    {
        string path = Path.Combine(_folder, "page.html");
        await File.WriteAllTextAsync(path, Pictures.Page(activations, options));
        await chromium.OpenAsync(path);
        return path;
    }
}
