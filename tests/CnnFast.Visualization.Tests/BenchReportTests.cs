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
            "[...document.querySelectorAll('.times tbody tr')].map(row => [5, 10, 11, 12].map(i => +row.children[i].dataset.value))");
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
