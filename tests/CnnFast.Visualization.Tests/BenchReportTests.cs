using CnnFast.Layers;

namespace CnnFast.Visualization.Tests;

public sealed class BenchReportTests
{
    [Theory]
    [InlineData(1200, "light")]
    [InlineData(390, "dark")]
    public async Task The_page_shows_the_numbers_of_the_run(int width, string scheme)
    {
        using var session = new InferenceSession(ModelZoo.MobileNetV2.Build(), new SessionOptions { MaxThreads = 2, MaxBatch = 2 });
        BenchReport report = BenchReport.Measure(session, new BenchReportOptions { Title = "Time of </script><b>net" });
        string path = Path.Combine(Directory.CreateTempSubdirectory("cnnfast-report-").FullName, "bench.html");
        report.Save(path);
        await using Chromium chromium = await Chromium.StartAsync(width);
        await chromium.SetSchemeAsync(scheme);
        await chromium.OpenAsync(path);
        await chromium.RequireSoundAsync();
        await chromium.KeepAsync("bench-" + scheme);
        Assert.Equal([new Uri(path).AbsoluteUri], chromium.Requests);
        Assert.Equal("Time of </script><b>net", await chromium.Page.EvaluateExpressionAsync<string>("document.title"));
        string[] names = await chromium.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('.times tbody tr')].map(row => row.firstChild.textContent)");
        Assert.Equal(report.Nodes.Select(node => node.Name), names);
        double[][] figures = await chromium.Page.EvaluateExpressionAsync<double[][]>(
            "[...document.querySelectorAll('.times tbody tr')].map(row => [2, 5, 6, 12].map(i => +row.children[i].dataset.value))");
        foreach ((NodeProfile node, double[] row) in report.Nodes.Zip(figures))
        {
            double bound = report.BoundMicroseconds(node);
            Assert.Equal(node.MedianMicroseconds, row[0], 1e-5 * node.MedianMicroseconds);
            Assert.Equal(bound, row[1], 1e-5 * bound);
            Assert.Equal(bound / node.MedianMicroseconds, row[2], 1e-5 * bound / node.MedianMicroseconds);
            Assert.Equal(node.Bytes, row[3]);
        }

        double kernels = await chromium.Page.EvaluateExpressionAsync<double>(
            "[...document.querySelectorAll('.kernels tbody tr')].reduce((sum, row) => sum + +row.children[1].dataset.value, 0)");
        Assert.Equal(report.Nodes.Count, kernels);
        int boxes = await chromium.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('.arena rect').length");
        Assert.Equal(session.DescribePlan().Activations.Count, boxes);
        File.Delete(path);
    }

    [Fact]
    public async Task What_matters_of_a_node_is_in_view_and_dots_are_named()
    {
        using var session = new InferenceSession(ModelZoo.LeNet5.Build());
        BenchReport report = BenchReport.Measure(session);
        string path = Path.Combine(Directory.CreateTempSubdirectory("cnnfast-report-").FullName, "lenet.html");
        report.Save(path);
        await using Chromium chromium = await Chromium.StartAsync(1100);
        await chromium.OpenAsync(path);
        await chromium.KeepAsync("bench-lenet");
        string[] hidden = await chromium.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('.nodes thead th')].filter(head => head.getBoundingClientRect().right > "
            + "head.closest('.scroll').getBoundingClientRect().right).map(head => head.textContent)");
        Assert.Empty(hidden.Intersect(["node", "kernel", "median µs", "part", "GFLOP/s", "bound µs", "part of roof", "FLOP per byte"]));
        Assert.Equal(0, await chromium.Page.EvaluateExpressionAsync<int>(
            "[...document.querySelectorAll('.nodes td > .text')].filter(text => text.offsetHeight > 30).length"));

        // The chart's table names every node; the pointer names the nearest dot.
        NodeProfile[] nodes = [.. report.Nodes.Where(node => node.MultiplyAdds > 0)];
        string[] shown = await chromium.Page.EvaluateFunctionAsync<string[]>(
            """
            async () => {
              const details = document.querySelector("details[data-table='Nodes under the roofline']");
              details.open = true;
              await new Promise(done => setTimeout(done, 100));
              return [...details.querySelectorAll("tr")].map(row => [0, 1, 2].map(i => row.children[i].textContent).join("|"));
            }
            """);
        Assert.Equal("node|FLOP per byte|GFLOP/s", shown[0]);
        Assert.Equal(nodes.Select(node => node.Name).Order(),
            shown.Skip(1).Select(row => row.Split('|')[0]).Where(name => name.Length > 0).Order());
        var named = new HashSet<string>();
        double[] at = await chromium.Page.EvaluateExpressionAsync<double[]>(
            "(r => [r.left, r.top, r.width, r.height])(document.querySelector('#roofline .u-over').getBoundingClientRect())");
        for (int i = 0; i < 80; i++)
        {
            await chromium.Page.Mouse.MoveAsync((decimal)(at[0] + (at[2] * i / 80)), (decimal)(at[1] + (at[3] / 3)));
            string legend = await chromium.Page.EvaluateExpressionAsync<string>(
                "document.querySelectorAll('#roofline .u-legend .u-value')[1].textContent");
            NodeProfile node = Assert.Single(nodes, node => legend.StartsWith(node.Name + ": ", StringComparison.Ordinal));
            Assert.EndsWith(" GFLOP/s", legend, StringComparison.Ordinal);
            named.Add(node.Name);
        }

        Assert.True(named.Count >= 3, string.Join(", ", named));
        Assert.Empty(chromium.Errors);
        File.Delete(path);
    }

    [Fact]
    public async Task A_model_without_multiplications_has_a_page()
    {
        using var session = new InferenceSession(new Sequential(new Softmax()).Build(new Shape(3)));
        BenchReport report = BenchReport.Measure(session);
        string path = Path.Combine(Directory.CreateTempSubdirectory("cnnfast-report-").FullName, "softmax.html");
        report.Save(path);
        await using Chromium chromium = await Chromium.StartAsync();
        await chromium.OpenAsync(path);
        await chromium.RequireSoundAsync();
        Assert.Equal(1, await chromium.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('.times tbody tr').length"));
        File.Delete(path);
    }

    [Fact]
    public void The_bound_is_the_longer_of_work_and_bytes()
    {
        var roof = new Roof(100, "512-bit fused", [("level 2", 1000, 200), ("memory", long.MaxValue, 20)]);
        Assert.Equal(10, roof.Microseconds(500_000, 1000), 1e-12);
        Assert.Equal(0.005, roof.Microseconds(0, 1000), 1e-12);
        Assert.Equal(50, roof.Microseconds(500_000, 1_000_000), 1e-12);
    }

    [Fact]
    public void Threads_and_batch_are_at_least_one()
    {
        using var session = new InferenceSession(new Sequential(new ReLU()).Build(new Shape(3)));
        PlanInfo plan = session.DescribePlan();
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchReport(plan, [], new BenchReportOptions { Threads = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BenchReport(plan, [], new BenchReportOptions { Batch = 0 }));
    }
}
