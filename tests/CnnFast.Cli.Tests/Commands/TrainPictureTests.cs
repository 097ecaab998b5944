using System.Diagnostics;
using System.Text.Json;

namespace CnnFast.Cli.Tests;

/// <summary>From a folder of colour pictures to a model file: with random weights, and on the body of a given model.</summary>
public sealed class TrainPictureTests(TrainedPictures trained) : IClassFixture<TrainedPictures>
{
    [Fact]
    public void A_folder_of_pictures_becomes_a_model_that_names_classes()
    {
        JsonElement json = trained.Json;
        Assert.Equal(36, json.GetProperty("testImages").GetInt32());
        Assert.Equal(Photos.Kinds, json.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!));
        Assert.InRange(json.GetProperty("testAccuracy").GetDouble(), 0.85, 1);

        Model model = Model.Load(trained.Path);
        Assert.Equal(Photos.Kinds, model.ClassNames!);
        Assert.Equal(3, model.Normalization.Channels);
        string picture = Directory.GetFiles(Path.Combine(trained.Data, "disc"))[0];
        Assert.Contains("disc", Cli.Run("predict", trained.Path, picture).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_on_a_given_body_learns_from_features_that_are_computed_once()
    {
        using var folder = new TemporaryFolder();
        string first = trained.Path, path = folder.File("b.safetensors");
        string other = Photos.Write(folder, 160, least: 40, most: 60, seed: 2);
        CliResult result = Cli.Run("train", "--data", other, "--from", first, "--epochs", "60", "--out", path, "--json");
        Assert.Contains("Computing the features of 136 images once.", result.Error, StringComparison.Ordinal);
        Assert.InRange(result.Json().GetProperty("testAccuracy").GetDouble(), 0.75, 1);

        Model body = Model.Load(first), model = Model.Load(path);
        Assert.Equal(body.Parameters[0].Values.ToArray(), model.Parameters[0].Values.ToArray());
        Assert.All(model.Parameters, parameter =>
            Assert.Equal(parameter.Name.StartsWith("head.", StringComparison.Ordinal), parameter.Trainable));
        Assert.Equal(body.Normalization, model.Normalization);

        CliResult tuned = Cli.Run("train", "--data", other, "--from", first, "--unfreeze", "conv2d_4*", "--epochs", "1", "--out", path);
        Assert.Contains("and 1 parameters of it", tuned.Error, StringComparison.Ordinal);
        Assert.NotEqual(body.Parameters.First(parameter => parameter.Name == "conv2d_4.filter").Values.ToArray(),
            Model.Load(path).Parameters.First(parameter => parameter.Name == "conv2d_4.filter").Values.ToArray());
    }

    /// <summary>The backbone is a public ONNX model with its own weights, which tells whether text is upside down.</summary>
    [Theory]
    [InlineData(0.6)]
    [InlineData(0.9, "--unfreeze", "*", "--epochs", "3")]
    public void Six_hundred_pictures_and_a_real_backbone_become_a_model_file_within_a_minute(double accuracy, params string[] more)
    {
        using var folder = new TemporaryFolder();
        string data = Photos.Write(folder, 600), path = folder.File("kinds.safetensors");
        string backbone = Path.Combine(AppContext.BaseDirectory, "Models", "ppocr_cls.onnx");
        var watch = Stopwatch.StartNew();
        CliResult result = Cli.Run(["train", "--data", data, "--from", backbone, "--size", "64", "--out", path, "--json", .. more]);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
        JsonElement json = result.Json();
        Assert.Equal(90, json.GetProperty("testImages").GetInt32());
        Assert.InRange(json.GetProperty("testAccuracy").GetDouble(), accuracy, 1);

        Model model = Model.Load(path);
        Assert.Equal(Photos.Kinds, model.ClassNames!);
        Assert.Equal(3, model.Normalization.Channels);
        Assert.Contains("ring", Cli.Run("predict", path, Directory.GetFiles(Path.Combine(data, "ring"))[0]).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_evaluated_by_the_classes_that_the_model_names()
    {
        using var folder = new TemporaryFolder();
        string other = Photos.Write(folder, 40, seed: 3);
        Directory.Delete(Path.Combine(other, "cross"), recursive: true);
        JsonElement json = Cli.Run("evaluate", trained.Path, "--data", other, "--json").Json();
        Assert.Equal(30, json.GetProperty("count").GetInt32());
        Assert.InRange(json.GetProperty("accuracy").GetDouble(), 0.7, 1);
        Directory.Move(Path.Combine(other, "disc"), Path.Combine(other, "square"));
        Cli.Run("evaluate", trained.Path, "--data", other).RequireBadInput("square");
    }

    [Fact]
    public void The_range_test_takes_pictures_for_a_recipe_and_for_a_model()
    {
        using var folder = new TemporaryFolder();
        string picture = folder.File("curve.svg");
        foreach (string[] args in (string[][])[["photos", "--size", "24x32"], [trained.Path]])
        {
            JsonElement json = Cli.Run(["lr-find", .. args, "--data", trained.Data, "--steps", "12", "--out", picture, "--json"]).Json();
            Assert.InRange(json.GetProperty("points").GetArrayLength(), 3, 12);
        }

        Cli.Run("lr-find", trained.Path, "--data", trained.Data, "--size", "40", "--out", picture)
            .RequireBadInput("--size is 40x40", "takes 32x32");
    }

    [Fact]
    public void A_training_that_was_stopped_goes_on_to_the_same_file()
    {
        using var folder = new TemporaryFolder();
        string data = Photos.Write(folder, 60, least: 30, most: 40), whole = folder.File("whole.safetensors"),
            path = folder.File("m.safetensors");
        string[] args = ["train", "--data", data, "--size", "16", "--epochs", "4", "--patience", "0", "--out"];
        Cli.Run([.. args, whole]).RequireDone();
        CliResult stopped = Cli.RunUntil("Epoch 2/4", [.. args, path]);
        Assert.True(stopped.Code == 1, stopped.ToString());
        Assert.True(File.Exists(folder.File("m.checkpoint")));
        CliResult rest = Cli.Run([.. args, path, "--resume"]);
        rest.RequireDone();
        Assert.Contains("Going on after step ", rest.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(path));
        Assert.False(File.Exists(folder.File("m.checkpoint")));
    }

    [Theory]
    [InlineData("train.bin", "test.bin", 2, 100)]
    [InlineData("data_batch_1.bin", "test_batch.bin", 1, 10)]
    public void The_binary_files_of_CIFAR_are_found(string train, string test, int labels, int classes)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        string[] files = labels == 2 ? [train, test] : [.. Enumerable.Range(1, 5).Select(i => train.Replace('1', (char)('0' + i))), test];
        foreach (string file in files)
        {
            var bytes = new byte[20 * (labels + 3072)];
            random.NextBytes(bytes);
            for (int i = 0; i < 20; i++)
                bytes.AsSpan(i * (labels + 3072), labels).Fill((byte)(i % classes % 20));
            folder.Write(file, bytes);
        }

        JsonElement json = Cli.Run("train", "--data", folder.Path, "--validation", "0", "--epochs", "1", "--out",
            folder.File("m.safetensors"), "--json").Json();
        Assert.Equal((labels == 2 ? 20 : 100, 20), (json.GetProperty("trainImages").GetInt32(), json.GetProperty("testImages").GetInt32()));
        Assert.Equal(new Shape(classes), Model.Load(folder.File("m.safetensors")).OutputShape);
        JsonElement again = Cli.Run("evaluate", folder.File("m.safetensors"), "--data", folder.Path, "--json").Json();
        Assert.Equal(json.GetProperty("testLoss").GetDouble(), again.GetProperty("loss").GetDouble());
    }

    [Fact]
    public void What_does_not_fit_together_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        string data = Photos.Write(folder, 16, least: 20, most: 30), path = folder.File("m.safetensors");
        Cli.Run("train", "--data", data, "--cut", "a", "--out", path).RequireBadInput("--cut and --unfreeze are about the model of --from");
        Cli.Run("train", "--data", data, "--size", "a", "--out", path).RequireBadInput("--size is 'a'; expected a number of pixels");
        Cli.Run("train", "--data", data, "--validation", "0", "--patience", "3", "--out", path)
            .RequireBadInput("--patience is '3', and --validation is 0");
        Directory.CreateDirectory(Path.Combine(data, "empty"));
        Cli.Run("train", "--data", data, "--out", path).RequireBadInput("empty");
        Directory.Delete(Path.Combine(data, "empty"));
        File.WriteAllText(Path.Combine(data, "disc", "broken.png"), "no picture");
        Cli.Run("train", "--data", data, "--out", path).RequireBadInput("broken.png");
        CliResult skipped = Cli.Run("train", "--data", data, "--size", "16", "--epochs", "1", "--skip-unreadable", "--out", path);
        skipped.RequireDone();
        Assert.Contains("1 pictures were left out.", skipped.Error, StringComparison.Ordinal);
    }
}
