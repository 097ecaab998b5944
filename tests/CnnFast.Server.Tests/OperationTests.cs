using System.Text.RegularExpressions;

namespace CnnFast.Server.Tests;

/// <summary>What an operator of the server sees: health, metrics, the command line.</summary>
public sealed partial class OperationTests
{
    [Fact]
    public async Task Health_is_ok_and_metrics_are_lines_of_Prometheus()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Assert.Equal("ok\n", await server.Client.GetStringAsync("health", TestContext.Current.CancellationToken));
        Assert.Equal(0, await server.MetricAsync("cnnfast_server_latency_p99_seconds"));
        for (int i = 0; i < 5; i++)
            (await server.Client.PostAsync("classify", new ByteArrayContent(Pictures.Png(i)),
                TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        string text = await server.Client.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        Assert.Equal(5, await server.MetricAsync("cnnfast_server_requests_total"));
        Assert.Equal(0, await server.MetricAsync("cnnfast_server_errors_total"));
        double p50 = await server.MetricAsync("cnnfast_server_latency_p50_seconds");
        Assert.True(p50 > 0 && p50 <= await server.MetricAsync("cnnfast_server_latency_p99_seconds"), text);
        Assert.True(await server.MetricAsync("cnnfast_server_allocated_bytes_per_request") > 0, text);
    }

    [Fact]
    public void Quantiles_are_right_to_a_step()
    {
        var times = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, times.Quantile(0.5));
        for (int i = 1; i <= 1000; i++)
            times.Add(TimeSpan.FromMicroseconds(i));
        foreach (double share in (double[])[0.01, 0.5, 0.99, 1])
            Assert.InRange(times.Quantile(share).TotalMicroseconds, share * 1000, share * 1000 * 1.032);
        times.Add(TimeSpan.FromDays(10_000));
        times.Add(TimeSpan.FromSeconds(-1));
        Assert.InRange(times.Quantile(1).TotalDays, 10_000, 10_320);
    }

    [Theory]
    [InlineData("No model was given; expected --model FILE or CNNFAST_MODEL ('cnnfast train --out digits.safetensors' makes one).")]
    [InlineData("CnnFast: the default model has no file 'missing.safetensors'", "--model", "missing.safetensors")]
    [InlineData("--max-bytes is 0; expected 1 to 134217728.", "--model", "x", "--max-bytes", "0")]
    [InlineData("--threads is -1; expected at least 1, or 0 for all processors.", "--model", "x", "--threads", "-1")]
    [InlineData("Unrecognized command or argument '--nonsense' (see --help).", "--nonsense")]
    public async Task Bad_usage_is_one_sentence_and_exit_code_2(string sentence, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, await ServerCommand.RunAsync(args, output, error));
        Assert.StartsWith(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Help_shows_the_end_points_and_an_example()
    {
        using var output = new StringWriter();
        Assert.Equal(0, await ServerCommand.RunAsync(["--help"], output, TextWriter.Null));
        Assert.Contains("POST /classify", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("curl -F image=@seven.png", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--max-bytes", output.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+ [0-9.E+-]+)$")]
    private static partial Regex Line();
}
