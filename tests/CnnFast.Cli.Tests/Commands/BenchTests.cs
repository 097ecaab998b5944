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
    public void A_run_is_kept_and_later_runs_are_compared_with_it()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("before.json"), page = folder.File("time.html");
        Cli.Run("bench", "zoo:mnist_cnn", "--seconds", "0.2", "--save", file).RequireDone();
        JsonElement saved = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        Assert.Equal(CpuInfo.Description, saved.GetProperty("cpu").GetString());
        Assert.InRange(saved.GetProperty("roundsUs").GetArrayLength(), 10, 100);

        JsonElement faster = Cli.Run("bench", "zoo:lenet5", "--seconds", "0.2", "--baseline", file, "--report", page, "--json").Json()
            .GetProperty("baseline");
        Assert.Equal("faster", faster.GetProperty("verdict").GetString());
        Assert.InRange(faster.GetProperty("ratioOfMedians").GetDouble(), 0, 0.9);
        Assert.Contains("\"kind\":\"bench\"", File.ReadAllText(page), StringComparison.Ordinal);
        CliResult text = Cli.Run("bench", "zoo:lenet5", "--seconds", "0.05", "--baseline", file);
        text.RequireDone();
        Assert.Contains("now / then", text.Output, StringComparison.Ordinal);
        Assert.Contains("This run (zoo:lenet5) is faster", text.Output, StringComparison.Ordinal);

        File.WriteAllText(file, File.ReadAllText(file).Replace(CpuInfo.Description, "Another processor", StringComparison.Ordinal));
        text = Cli.Run("bench", "zoo:lenet5", "--seconds", "0.05", "--baseline", file);
        string tier = $"({CpuInfo.Isa})";
        Assert.Contains($"was measured on Another processor {tier}, and this is {CpuInfo.Description} {tier}: no verdict.", text.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_that_does_not_fit_is_refused_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("before.json"), bad = folder.File("bad.json");
        Cli.Run("bench", "zoo:lenet5", "--seconds", "0.05", "--save", file).RequireDone();
        Cli.Run("bench", "zoo:lenet5", "--threads", "2", "--baseline", file).RequireBadInput("1 thread,", "--threads 1");
        Cli.Run("bench", "zoo:lenet5", "--batch", "3", "--baseline", file).RequireBadInput("1 samples a run", "--batch 1");
        Cli.Run("bench", "zoo:lenet5", "--baseline", folder.File("none.json")).RequireBadInput("--baseline", "none.json");
        string good = File.ReadAllText(file);
        foreach ((string content, string why) in ((string, string)[])[("", "damaged"), ("[1]", "another kind"), ("{}", "another kind"),
            ("{\"format\": \"cnnfast-bench\"}", "damaged"), (good.Replace("\"version\": 1", "\"version\": 9", StringComparison.Ordinal),
            "version 9"), (good[..(good.Length / 2)], "damaged"), (good.Replace("\"peakGflopsPerCore\": ", "\"peakGflopsPerCore\": -",
            StringComparison.Ordinal), "no usable times"), (new string(' ', 2_000_000), "larger")])
        {
            File.WriteAllText(bad, content);
            Cli.Run("bench", "zoo:lenet5", "--baseline", bad).RequireBadInput("bad.json", why, "--save");
        }

        foreach (string option in (string[])["--save", "--baseline", "--report"])
        {
            Cli.Run("bench", "zoo:lenet5", "zoo:lenet5", option, option == "--report" ? folder.File("t.html") : file)
                .RequireBadInput(option + " is of one model");
        }

        Assert.Equal(good, File.ReadAllText(file));
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
