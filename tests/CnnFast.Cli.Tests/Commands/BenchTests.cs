using System.Text.Json;
using CnnFast.Layers;

namespace CnnFast.Cli.Tests;

public sealed class BenchTests(TrainedModel trained)
{
    [Fact]
    public void The_result_has_its_fields_and_one_thread_allocates_nothing()
    {
        JsonElement json = Cli.Run("bench", trained.Path, "--batch", "2", "--threads", "1", "--seconds", "0.2", "--json").Json();
        double min = json.GetProperty("minUs").GetDouble();
        Assert.InRange(json.GetProperty("startMs").GetDouble(), 0.01, 60_000);
        double median = json.GetProperty("p50Us").GetDouble();
        Assert.InRange(min, 0.1, median);
        Assert.InRange(median, min, json.GetProperty("p99Us").GetDouble());
        Assert.InRange(json.GetProperty("meanUs").GetDouble(), min, double.MaxValue);
        Assert.InRange(json.GetProperty("workspaceBytes").GetInt64(), 1, long.MaxValue);
        Assert.Equal(1, json.GetProperty("threads").GetInt32());
        Assert.Equal(2, json.GetProperty("batch").GetInt32());
        Assert.InRange(json.GetProperty("runs").GetInt32(), 10, int.MaxValue);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("allocatedBytesPerRun").ValueKind);
    }

    [Fact]
    public void The_algorithm_is_the_one_asked_for()
    {
        // Winograd's filters are larger, which shows that the option reaches the session.
        long WeightBytes(string algorithm) => Cli.Run("bench", trained.Path, "--seconds", "0.05", "--algorithm", algorithm, "--json")
            .Json()
            .GetProperty("weightBytes")
            .GetInt64();
        Assert.InRange(WeightBytes("winograd2"), WeightBytes("direct") + 1, WeightBytes("Winograd4") - 1);
    }

    [Fact]
    public void A_batch_that_fits_no_array_is_bad_input()
    {
        using var folder = new TemporaryFolder();
        string large = folder.File("large.safetensors");
        new Sequential(new GlobalAveragePool2D(), new Dense(2), new Softmax()).Build(new Shape(1024, 1024, 1), seed: 1).Save(large);
        Cli.Run("bench", large, "--batch", "4096").RequireBadInput("--batch is '4096'", large, "[1024, 1024, 1]");
    }

    [Fact]
    public void The_text_is_a_table()
    {
        CliResult result = Cli.Run("bench", trained.Path, "--seconds", "0.1");
        Assert.True(result.Code == 0, result.ToString());
        foreach (string title in (string[])["min µs", "p50 µs", "p99 µs", "allocated B/run", "workspace B"])
            Assert.Contains(title, result.Output, StringComparison.Ordinal);
    }
}
