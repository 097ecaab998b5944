using System.Text.Json;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Cli.Tests;

public sealed class TrainTests(TrainedModel trained)
{
    [Fact]
    public void The_default_model_learns_the_digits_and_the_result_has_its_fields()
    {
        JsonElement json = trained.Json;
        Assert.InRange(json.GetProperty("testAccuracy").GetDouble(), 0.94, 1);
        Assert.InRange(json.GetProperty("testLoss").GetDouble(), 0, 0.25);
        Assert.InRange(json.GetProperty("imagesPerSecond").GetDouble(), 1, double.MaxValue);
        Assert.InRange(json.GetProperty("seconds").GetDouble(), 0.001, double.MaxValue);
        JsonElement epoch = Assert.Single(json.GetProperty("epochs").EnumerateArray());
        Assert.InRange(epoch.GetProperty("validationAccuracy").GetDouble(), 0.9, 1);
        Assert.Equal(450, json.GetProperty("validationImages").GetInt32());
        Assert.Equal(1000, json.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32())));
        Assert.Equal(trained.Path, json.GetProperty("out").GetString());
        Assert.False(json.GetProperty("cancelled").GetBoolean());
    }

    [Fact]
    public void Plain_progress_is_a_line_an_epoch_on_standard_error_and_the_result_ends_with_the_path()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("small.safetensors");
        CliResult result = Cli.Run("train", "--data", SmallData.Write(folder), "--epochs", "2", "--batch-size", "32", "--out", model);
        Assert.True(result.Code == 0, result.ToString());
        Assert.Contains("Epoch 1/2: loss ", result.Error, StringComparison.Ordinal);
        Assert.Contains("Epoch 2/2: loss ", result.Error, StringComparison.Ordinal);
        Assert.Contains("Test accuracy", result.Output, StringComparison.Ordinal);
        Assert.Contains(model, result.Output, StringComparison.Ordinal);
        Assert.EndsWith("of 20", result.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.True(File.Exists(model));
        Assert.False(File.Exists(Path.ChangeExtension(model, ".checkpoint")));
    }

    [Fact]
    public void A_model_is_saved_under_a_name_of_any_length_that_a_file_may_have()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File(new string('n', OperatingSystem.IsWindows() ? 100 : 244));
        Cli.Run("train", "--data", SmallData.Write(folder), "--epochs", "1", "--out", model, "--json").Json();
        Assert.Equal("digits", Model.Load(model).Name);
    }

    [Fact]
    public void On_a_terminal_a_bar_shows_the_epoch_the_loss_and_the_accuracy()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("small.safetensors");
        CliResult result = Cli.RunOnTerminal("train", "--data", SmallData.Write(folder), "--epochs", "40", "--out", model);
        Assert.True(result.Code == 0, result.ToString());
        Assert.Contains("Epoch 40/40  loss ", result.Error, StringComparison.Ordinal);
        Assert.Contains("  validation ", result.Error, StringComparison.Ordinal);
        Assert.Contains(model, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_file_at_any_number_of_threads_and_another_seed_another()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        byte[] Train(string seed, string threads)
        {
            string model = folder.File($"{seed}-{threads}.safetensors");
            Cli.Run("train", "--data", data, "--epochs", "1", "--batch-size", "32", "--seed", seed, "--threads", threads, "--out", model,
                "--json").Json();
            return File.ReadAllBytes(model);
        }

        byte[] one = Train("7", "1");
        Assert.Equal(one, Train("7", "3"));
        Assert.NotEqual(one, Train("8", "1"));
    }

    [Theory]
    [InlineData("tutorial", "preset", "momentum")]
    [InlineData("tutorial", "he", "adam")]
    [InlineData("tutorial", "he", "sgd")]
    [InlineData("DIGITS", "he", "SGD")]
    public void Every_model_start_and_optimizer_trains(string model, string init, string optimizer)
    {
        using var folder = new TemporaryFolder();
        JsonElement json = Cli.Run(
            "train", "--data", SmallData.Write(folder), "--model", model, "--init", init, "--optimizer", optimizer, "--learning-rate",
            "1e-3", "--epochs", "1", "--batch-size", "48",
            "--out", folder.File("m.safetensors"), "--json").Json();
        Assert.Equal(2, json.GetProperty("steps").GetInt64());
        Assert.Equal(JsonValueKind.Number, json.GetProperty("testLoss").ValueKind);
    }

    [Fact]
    public void The_start_after_He_differs_from_the_tutorials_own()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        double Loss(string init) => Cli.Run(
            "train", "--data", data, "--model", "tutorial", "--init", init, "--learning-rate", "1e-9", "--epochs", "1", "--out",
            folder.File("m.safetensors"), "--json")
            .Json().GetProperty("testLoss").GetDouble();
        Assert.True(Loss("he") < 5, "He's start has a loss of about ln 10");
        Assert.True(Loss("preset") > 5, "the tutorial's start has large weights and a large loss");
    }

    [Fact]
    public void A_count_of_training_images_takes_the_first_of_them()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        string model = folder.File("m.safetensors");
        CliResult part = Cli.Run("train", "--data", data, "--train-count", "40", "--epochs", "1", "--out", model, "--json");
        Assert.Equal(40, part.Json().GetProperty("trainImages").GetInt32());
        Assert.Contains("on 40 images, validating on 2, testing on 20", part.Error, StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(model);

        using var other = new TemporaryFolder();
        Directory.CreateDirectory(other.File("only"));
        foreach (string file in Directory.GetFiles(data, "*ubyte"))
            File.Copy(file, Path.Combine(other.File("only"), Path.GetFileName(file)));
        Cut(Path.Combine(other.File("only"), "train-images-idx3-ubyte"), 16 + (40 * 784));
        Cut(Path.Combine(other.File("only"), "train-labels-idx1-ubyte"), 8 + 40);
        Cli.Run("train", "--data", other.File("only"), "--validation", "0", "--epochs", "1", "--out", model, "--json").Json();
        Assert.Equal(first, File.ReadAllBytes(model));

        Assert.Equal(96, Cli.Run("train", "--data", data, "--train-count", "96", "--epochs", "1", "--out", model, "--json")
            .Json()
            .GetProperty("trainImages")
            .GetInt32());
        Cli.Run("train", "--data", data, "--train-count", "97", "--out", model).RequireBadInput("--train-count is '97'", "from 1 to 96");
        Cli.Run("train", "--data", data, "--train-count", "0", "--out", model).RequireBadInput("--train-count is '0'");

        static void Cut(string file, int length)
        {
            byte[] bytes = File.ReadAllBytes(file)[..length];
            bytes[7] = 40;
            File.WriteAllBytes(file, bytes);
        }
    }

    [Fact]
    public void Resume_starts_from_the_saved_weights_and_says_so()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        string model = folder.File("m.safetensors");
        string[] args = ["train", "--data", data, "--epochs", "8", "--batch-size", "16", "--out", model, "--resume"];
        CliResult first = Cli.Run(args);
        Assert.Contains("to go on from.", first.Error, StringComparison.Ordinal);
        CliResult second = Cli.Run(args);
        Assert.Contains("Starting from the weights in " + model, second.Error, StringComparison.Ordinal);
        Assert.True(FirstLoss(second) < FirstLoss(first) / 2, $"first {FirstLoss(first)}, resumed {FirstLoss(second)}");

        Cli.Run("train", "--data", data, "--model", "tutorial", "--out", model, "--resume")
            .RequireBadInput(model, "'digits'", "'tutorial'");
    }

    [Fact]
    public void Resume_keeps_the_normalization_of_the_file()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        string path = folder.File("m.safetensors");
        string[] args = ["train", "--data", data, "--epochs", "1", "--batch-size", "16", "--out", path, "--resume", "--json"];
        Cli.Run(args).Json();
        Model model = Model.Load(path);
        Assert.Equal(ModelPresets.Digits.Options.Normalization, model.Normalization);
        model.Normalization = new Normalization(0.01, -0.5);
        model.Save(path);
        Cli.Run(args).Json();
        Assert.Equal(new Normalization(0.01, -0.5), Model.Load(path).Normalization);
    }

    [Fact]
    public void A_loss_that_is_not_finite_fails_with_a_sentence_and_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        string model = folder.Write("m.safetensors", "old"u8);
        CliResult result = Cli.Run("train", "--data", SmallData.Write(folder), "--model", "tutorial", "--optimizer", "sgd",
            "--learning-rate", "1000", "--epochs", "50", "--out", model);
        Assert.True(result.Code == 1, result.ToString());
        Assert.Equal("", result.Output);
        Assert.Contains("loss", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(model));
    }

    private static double FirstLoss(CliResult result)
    {
        Assert.True(result.Code == 0, result.ToString());
        string line = result.Error.Split('\n').First(text => text.StartsWith("Epoch 1/", StringComparison.Ordinal));
        return double.Parse(line.Split("loss ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
