using System.Diagnostics;
using CnnFast.Visualization.Graphs;
using PuppeteerSharp;
using PuppeteerSharp.Input;

namespace CnnFast.Visualization.Tests;

/// <summary>The page of a graph, in a browser.</summary>
public sealed class GraphPageTests : IDisposable
{
    private const string Shown = "document.querySelector('main svg:not([hidden])')";

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnfast-graph-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_page_shows_the_layers_and_the_steps()
    {
        Model model = ModelZoo.Find("squeezenet")!.Build(seed: 1);
        PlanInfo plan = InferenceSession.DescribePlan(model);
        await using Chromium chromium = await Chromium.StartAsync();
        string path = await OpenAsync(chromium, GraphPicture.ToHtml(model, plan));
        await chromium.RequireSoundAsync();
        Assert.Equal([new Uri(path).AbsoluteUri], chromium.Requests);
        string[] layers = [.. model.Layers.Select(layer => $"{layer.Name}|{layer.Kind}|{ShapeOf(layer.OutputShape)}")];
        Assert.Equal(layers, await NodesAsync(chromium));
        Assert.Equal("Layers as built", await PressedAsync(chromium));
        await chromium.KeepAsync("graph-layers");

        await chromium.Page.ClickAsync("[data-tab]:nth-of-type(2)");
        Assert.Equal("Steps that run", await PressedAsync(chromium));
        string[] steps = [.. model.Inputs.Select(input => $"{input.Name}|Input|{ShapeOf(input.Shape)}"),
            .. plan.Steps.Select(step => $"{step.Name}|{step.Kind}|{ShapeOf(step.OutputShape)}")];
        Assert.Equal(steps, await NodesAsync(chromium));
        Assert.True(plan.Steps.Count < model.Layers.Count);
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync("graph-steps");

        await chromium.Page.GoToAsync(new Uri(path).AbsoluteUri + "#steps");
        await chromium.Page.ReloadAsync();
        Assert.Equal("Steps that run", await PressedAsync(chromium));
    }

    [Theory]
    [InlineData("dark", 1200)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task The_page_is_sound_in_the_dark_and_on_a_phone(string scheme, int width)
    {
        Model model = ModelZoo.Find("resnet18")!.Build(seed: 1);
        await using Chromium chromium = await Chromium.StartAsync(width);
        await chromium.SetSchemeAsync(scheme);
        await OpenAsync(chromium, GraphPicture.ToHtml(model, InferenceSession.DescribePlan(model)));
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync($"graph-{scheme}-{width}");
        await chromium.Page.ClickAsync("[data-tab]:nth-of-type(2)");
        await chromium.RequireSoundAsync();
        Assert.Equal(scheme == "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)",
            await chromium.Page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(scheme == "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)",
            await chromium.Page.EvaluateExpressionAsync<string>($"getComputedStyle({Shown}.querySelector(':scope > rect')).fill"));
    }

    [Fact]
    public async Task Every_kind_of_box_is_readable_in_the_dark()
    {
        string[] kinds = ["Conv2D", "MaxPool2D", "BatchNormalization", "Dense", "Add", "Input", "Softmax", "ReLU", "Flatten"];
        GraphNode[] nodes = [.. kinds.Select((kind, i) => new GraphNode("n" + i, [kind], "1×1", [], i == 0 ? [] : [i - 1], i == 5)),
            new GraphNode("merged", kinds, "1×1", [], [8], true)];
        await using Chromium chromium = await Chromium.StartAsync();
        foreach (string scheme in (string[])["light", "dark"])
        {
            await chromium.SetSchemeAsync(scheme);
            await OpenAsync(chromium, GraphPage.Write("Kinds", [("Kinds", new GraphSvg(nodes).Draw("Kinds"))]));
            await chromium.RequireSoundAsync();
            await chromium.Page.ClickAsync("#all");
            await chromium.KeepAsync("graph-kinds-" + scheme);

            // No colour of light is left in the dark.
            double[] lights = await chromium.Page.EvaluateExpressionAsync<double[]>(
                "[...document.querySelectorAll('rect')].map(node => Math.max(...getComputedStyle(node).fill.match(/\\d+/g).map(Number)))");
            Assert.All(lights, light => Assert.True(scheme == "dark" ? light < 128 : light > 200, $"{scheme}: {light}"));
        }
    }

    [Fact]
    public async Task Buttons_wheel_keys_and_drags_move_the_view()
    {
        Model model = ModelZoo.Find("resnet18")!.Build(seed: 1);
        await using Chromium chromium = await Chromium.StartAsync();
        await OpenAsync(chromium, GraphPicture.ToHtml(model));
        double[] start = await ViewAsync(chromium);
        await chromium.Page.ClickAsync("#in");
        double[] near = await ViewAsync(chromium);
        Assert.Equal([start[2] * 0.8, start[3] * 0.8], near[2..], (a, b) => Math.Abs(a - b) < 1e-6 * a);
        Assert.Equal(start[0] + (start[2] / 2), near[0] + (near[2] / 2), 1e-6);
        await chromium.Page.ClickAsync("#out");
        Assert.Equal(start[2], (await ViewAsync(chromium))[2], 1e-6);
        await chromium.Page.ClickAsync("#all");
        Assert.True((await ViewAsync(chromium))[3] >= GraphPicture.Of(model).Height - 1, "the whole is in the view");

        await chromium.Page.Keyboard.PressAsync("Home");
        Assert.Equal(start, await ViewAsync(chromium));
        await chromium.Page.Keyboard.PressAsync("+");
        Assert.Equal(start[2] * 0.8, (await ViewAsync(chromium))[2], 1e-6);
        await chromium.Page.Keyboard.PressAsync("-");
        await chromium.Page.Keyboard.PressAsync("ArrowDown");
        double[] below = await ViewAsync(chromium);
        Assert.Equal([start[0], start[1] + (start[3] / 8)], [below[0], below[1]], (a, b) => Math.Abs(a - b) < 1e-6);
        await chromium.Page.Keyboard.PressAsync("0");
        Assert.True((await ViewAsync(chromium))[3] > start[3]);

        // What is under the pointer stays there.
        await chromium.Page.Keyboard.PressAsync("Home");
        double[] edge = await chromium.Page.EvaluateExpressionAsync<double[]>(
            "(r => [r.left, r.top, r.width, r.height])(document.querySelector('main').getBoundingClientRect())");
        (decimal x, decimal y) = ((decimal)Math.Round(edge[0] + (edge[2] / 4)), (decimal)Math.Round(edge[1] + (edge[3] / 3)));
        await chromium.Page.Mouse.MoveAsync(x, y);
        await chromium.Page.Mouse.WheelAsync(0, -300);
        await chromium.Page.WaitForFunctionAsync($"before => {Shown}.viewBox.baseVal.width < before", start[2] - 1);
        double[] wheeled = await ViewAsync(chromium);
        double across = ((double)x - edge[0]) / edge[2];
        Assert.Equal(start[0] + (start[2] * across), wheeled[0] + (wheeled[2] * across), 0.5);

        await chromium.Page.Mouse.DownAsync();
        await chromium.Page.Mouse.MoveAsync(x + 100, y + 50, new MoveOptions { Steps = 4 });
        await chromium.Page.Mouse.UpAsync();
        double[] dragged = await ViewAsync(chromium);
        Assert.Equal(wheeled[0] - (100 * wheeled[2] / edge[2]), dragged[0], 0.5);
        Assert.Equal(wheeled[1] - (50 * wheeled[3] / edge[3]), dragged[1], 0.5);
        await chromium.Page.Mouse.MoveAsync(x, y);
        Assert.Equal(dragged, await ViewAsync(chromium));
        Assert.Empty(chromium.Errors);
    }

    [Fact]
    public async Task A_search_counts_what_it_finds_and_brings_it_into_view()
    {
        Model model = ModelZoo.Find("resnet18")!.Build(seed: 1);
        PlanInfo plan = InferenceSession.DescribePlan(model);
        await using Chromium chromium = await Chromium.StartAsync();
        await OpenAsync(chromium, GraphPicture.ToHtml(model, plan));
        LayerInfo[] pools = [.. model.Layers.Where(layer => layer.Kind.Contains("Pool", StringComparison.Ordinal))];
        Assert.Equal(2, pools.Length);

        // On a fresh page, nothing has been clicked or focused.
        double[] start = await ViewAsync(chromium);
        await chromium.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal(start[1] + (start[3] / 8), (await ViewAsync(chromium))[1], 1e-6);
        await chromium.Page.Keyboard.PressAsync("/");
        double[] before = await ViewAsync(chromium);
        await chromium.Page.Keyboard.TypeAsync("+-0nN/ =");
        await chromium.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("+-0nN/ =", await chromium.Page.EvaluateExpressionAsync<string>("box.value"));
        Assert.Equal(before, await ViewAsync(chromium));
        await chromium.Page.EvaluateExpressionAsync("box.value = ''");
        await chromium.Page.Keyboard.TypeAsync("POOL");
        Assert.Equal($"1 of 2: {pools[0].Name}", await CountAsync(chromium));
        await RequireInViewAsync(chromium, pools[0].Name);
        await chromium.Page.Keyboard.PressAsync("Enter");
        Assert.Equal($"2 of 2: {pools[1].Name}", await CountAsync(chromium));
        await RequireInViewAsync(chromium, pools[1].Name);
        Assert.Equal(2, await chromium.Page.EvaluateExpressionAsync<int>($"{Shown}.querySelectorAll('.found').length"));
        await chromium.KeepAsync("graph-search");
        await chromium.Page.Keyboard.PressAsync("Escape");
        await chromium.Page.Keyboard.PressAsync("n");
        Assert.Equal($"1 of 2: {pools[0].Name}", await CountAsync(chromium));

        // The steps are searched too, and a search of nothing shows all.
        await chromium.Page.ClickAsync("[data-tab]:nth-of-type(2)");
        int steps = plan.Steps.Count(step => (step.Name + " " + step.Kind).Contains("pool", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith($"1 of {steps}: ", await CountAsync(chromium), StringComparison.Ordinal);
        await chromium.Page.TypeAsync("#search", " and nothing");
        Assert.Equal("0 found", await CountAsync(chromium));
        await chromium.Page.EvaluateExpressionAsync("box.value = ''; box.dispatchEvent(new Event('input'))");
        Assert.Equal("", await CountAsync(chromium));
        Assert.Equal(0, await chromium.Page.EvaluateExpressionAsync<int>($"{Shown}.querySelectorAll('.found, .here').length"));
        Assert.Empty(chromium.Errors);
    }

    [Fact]
    public async Task A_thousand_nodes_are_loaded_searched_and_zoomed_within_seconds()
    {
        var random = new Random(6);
        GraphNode[] nodes = [.. Enumerable.Range(0, 1000).Select(i => new GraphNode($"node{i}_", [i % 3 == 0 ? "Conv2D" : "Add"], "8×8×3",
            [], i == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(Math.Max(0, i - 30), i)).Distinct()],
            false))];
        string page = GraphPage.Write("A thousand", [("1,000 nodes", new GraphSvg(nodes).Draw("1,000 nodes"))]);
        await using Chromium chromium = await Chromium.StartAsync();
        long start = Stopwatch.GetTimestamp();
        await OpenAsync(chromium, page);
        await chromium.Page.EvaluateFunctionAsync<double>(Timed(""));
        TimeSpan loaded = Stopwatch.GetElapsedTime(start);
        Assert.Equal(1000, (await NodesAsync(chromium)).Length);

        double whole = await chromium.Page.EvaluateFunctionAsync<double>(Timed("document.querySelector('#all').click();"));
        double found = await chromium.Page.EvaluateFunctionAsync<double>(
            Timed("box.value = 'node777_'; box.dispatchEvent(new Event('input'));"));
        Assert.Equal("1 of 1: node777_", await CountAsync(chromium));
        await RequireInViewAsync(chromium, "node777_");
        await chromium.KeepAsync("graph-thousand");
        double zoomed = await chromium.Page.EvaluateFunctionAsync<double>(Timed("document.querySelector('#out').click();"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"loaded {loaded.TotalMilliseconds:0} ms, whole {whole:0} ms, search {found:0} ms, zoom {zoomed:0} ms");
        Assert.True(loaded < TimeSpan.FromSeconds(10), $"{loaded}");
        Assert.All((double[])[whole, found, zoomed], time => Assert.True(time < 2000, $"{time} ms"));
        Assert.Empty(chromium.Errors);
    }

    // The milliseconds until what an action changes has been drawn.
    private static string Timed(string action) => $$"""
        () => new Promise(done => {
          const start = performance.now();
          {{action}}
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
        })
        """;

    private static string ShapeOf(Shape shape) => string.Join('×', shape.Dimensions.ToArray());

    private static Task<string[]> NodesAsync(Chromium chromium) => chromium.Page.EvaluateExpressionAsync<string[]>(
        $"[...{Shown}.querySelectorAll('.node')]"
        + ".map(node => [node.dataset.name, node.dataset.kind, node.lastChild.textContent].join('|'))");

    private static Task<string> PressedAsync(Chromium chromium) => chromium.Page.EvaluateExpressionAsync<string>(
        "[...document.querySelectorAll('[aria-pressed=true]')].map(node => node.textContent).join()");

    private static Task<string> CountAsync(Chromium chromium) => chromium.Page.EvaluateExpressionAsync<string>("count.textContent");

    private static Task<double[]> ViewAsync(Chromium chromium) =>
        chromium.Page.EvaluateExpressionAsync<double[]>($"{Shown}.getAttribute('viewBox').split(' ').map(Number)");

    private static async Task RequireInViewAsync(Chromium chromium, string name)
    {
        double[] at = await chromium.Page.EvaluateFunctionAsync<double[]>(
            $$"""
            name => {
              const node = [...{{Shown}}.querySelectorAll('.here')].find(one => one.dataset.name === name);
              const a = node.querySelector('.box').getBoundingClientRect(), b = document.querySelector('main').getBoundingClientRect();
              return [a.left - b.left, a.top - b.top, b.right - a.right, b.bottom - a.bottom, a.width - 40];
            }
            """, name);
        Assert.All(at, room => Assert.True(room >= 0, $"{name}: {string.Join(", ", at)}"));
    }

    private async Task<string> OpenAsync(Chromium chromium, string html)
    {
        string path = Path.Combine(_folder, "graph.html");
        await File.WriteAllTextAsync(path, html);
        await chromium.OpenAsync(path);
        return path;
    }
}
