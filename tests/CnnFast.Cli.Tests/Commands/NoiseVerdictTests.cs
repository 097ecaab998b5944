using System.Text.Json;

namespace CnnFast.Cli.Tests;

/// <summary>Whether a difference of times is one.</summary>
public sealed class NoiseVerdictTests(TrainedModel trained)
{
    private const string Neither = "no difference beyond the noise";

    [Theory]
    [InlineData(0.8, 0.05, "faster")]
    [InlineData(1.25, 0.05, "slower")]
    [InlineData(1.0, 0.05, Neither)]
    [InlineData(1.003, 0.3, Neither)]
    [InlineData(0.995, 0.0001, Neither)]
    [InlineData(0.95, 0.005, "faster")]
    [InlineData(0.98, 0.0001, Neither)]
    [InlineData(1.02, 0.0001, Neither)]
    public void The_verdict_is_that_of_the_truth_behind_noisy_times(double truth, double noise, string word)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            (double[] a, double[] b) = Times(truth, noise, seed);
            NoiseVerdict verdict = NoiseVerdict.Of(a, b);
            Assert.True(verdict.Word == word, $"seed {seed}: {verdict}");
            Assert.InRange(verdict.RatioOfMedians, verdict.Low, verdict.High);
        }
    }

    [Fact]
    public void Two_equal_models_are_rarely_called_different()
    {
        int wrong = Enumerable.Range(1, 100).Count(seed =>
        {
            (double[] a, double[] b) = Times(1, 0.1, seed);
            return NoiseVerdict.Of(a, b).Word != Neither;
        });
        Assert.InRange(wrong, 0, 5);
    }

    [Fact]
    public void A_stall_of_some_rounds_changes_nothing()
    {
        (double[] a, double[] b) = Times(0.8, 0.05, 1);
        for (int i = 0; i < a.Length; i += 7)
            (a[i], b[i]) = (a[i] * 5, b[i] * 9);
        Assert.Equal("faster", NoiseVerdict.Of(a, b).Word);
    }

    [Fact]
    public void The_same_times_give_the_same_verdict()
    {
        (double[] a, double[] b) = Times(1.1, 0.1, 3);
        Assert.Equal(NoiseVerdict.Of(a, b), NoiseVerdict.Of(a, b));
    }

    [Theory]
    [InlineData(0.8, "faster")]
    [InlineData(1.25, "slower")]
    [InlineData(1.02, Neither)]
    public void Runs_at_different_times_are_judged_by_stretches(double truth, string word)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            double[] a = Times(1, 0.03, seed).A, b = Times(truth, 0.03, seed + 100).B[..57];
            Assert.Equal(word, NoiseVerdict.OfSeparate(a, b, NoiseVerdict.OfTwoProcesses).Word);
        }
    }

    [Fact]
    public void A_slow_stretch_is_no_difference()
    {
        // Rounds of one run are slower by a third for a while: as single rounds they would speak for a difference.
        double[] a = new double[100], b = new double[100];
        for (int i = 0; i < 100; i++)
            (a[i], b[i]) = (100, i is >= 20 and < 75 ? 133 : 100);
        Assert.Equal(Neither, NoiseVerdict.OfSeparate(a, b, NoiseVerdict.OfTwoProcesses).Word);
    }

    [Fact]
    public void A_model_against_a_much_smaller_one()
    {
        JsonElement json = Cli.Run("bench", "zoo:mnist_cnn", "zoo:lenet5", "--seconds", "0.5", "--json").Json();
        Assert.Equal("faster", json.GetProperty("verdict").GetString());
        Assert.InRange(json.GetProperty("ratioOfMedians").GetDouble(), 0, 0.9);
        CliResult text = Cli.Run("bench", "zoo:lenet5", trained.Path, "--seconds", "0.2");
        text.RequireDone();
        Assert.Contains("B / A", text.Output, StringComparison.Ordinal);
        Cli.Run("bench", "zoo:lenet5", "zoo:lenet5", "--profile").RequireBadInput("--profile is of one model");
    }

    // Noise that all rounds share in part, as a busy processor makes it.
    private static (double[] A, double[] B) Times(double truth, double noise, int seed)
    {
        var random = new Random(seed);
        double[] a = new double[101], b = new double[101];
        for (int i = 0; i < a.Length; i++)
        {
            double shared = 1 + (noise * random.NextDouble());
            a[i] = 100 * shared * (1 + (noise * random.NextDouble()));
            b[i] = 100 * truth * shared * (1 + (noise * random.NextDouble()));
        }

        return (a, b);
    }
}
