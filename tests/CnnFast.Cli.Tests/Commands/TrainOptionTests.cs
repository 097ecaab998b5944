using System.Text.Json;

namespace CnnFast.Cli.Tests;

/// <summary>What options of <c>train</c> decide together, and what they must not cost.</summary>
public sealed class TrainOptionTests(TrainedPictures trained) : IClassFixture<TrainedPictures>
{
    [Fact]
    public void Weight_decay_counts_with_the_recipes_optimizer_and_momentum_is_not_Nesterovs()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder), path = folder.File("m.safetensors");
        byte[] Train(params string[] args)
        {
            Cli.Run(["train", "--data", data, "--epochs", "1", "--batch-size", "16", "--out", path, .. args]).RequireDone();
            return File.ReadAllBytes(path);
        }

        byte[] recipe = Train();
        Assert.Equal(recipe, Train("--optimizer", "adamw"));
        Assert.Equal(recipe, Train("--weight-decay", "0.05"));
        byte[] decayed = Train("--weight-decay", "0.9");
        Assert.NotEqual(recipe, decayed);
        Assert.Equal(decayed, Train("--optimizer", "adamw", "--weight-decay", "0.9"));
        Assert.NotEqual(Train("--model", "tutorial", "--learning-rate", "1e-3", "--optimizer", "momentum"),
            Train("--model", "tutorial", "--learning-rate", "1e-3", "--optimizer", "nesterov"));
    }

    [Fact]
    public void Validation_that_was_asked_for_is_not_left_out_in_silence()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder), path = folder.File("m.safetensors");
        string[] all = ["train", "--data", data, "--train-count", "96", "--epochs", "1", "--out", path];
        Cli.Run([.. all, "--patience", "3"]).RequireBadInput("need images for validation", "of 96 training images none is left");
        Cli.Run([.. all, "--validation", "0.2"]).RequireBadInput("need images for validation");
        Cli.Run(all).RequireDone();
        Cli.Run("train", "--data", data, "--size", "16", "--out", path).RequireBadInput("are for pictures");
        Cli.Run("train", "--data", data, "--skip-unreadable", "--out", path).RequireBadInput("are for pictures");
        Cli.Run("train", "--data", data, "--from", trained.Path, "--init", "he", "--out", path).RequireBadInput("--init is about");
    }

    [Fact]
    public void Files_that_are_read_or_kept_are_not_written_over()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder), path = folder.File("m.safetensors"), checkpoint = folder.File("m.checkpoint");
        string[] train = ["train", "--data", data, "--epochs", "1", "--out", path];
        Cli.Run([.. train, "--log", path]).RequireBadInput("the file of --out or its checkpoint");
        Cli.Run([.. train, "--log", checkpoint]).RequireBadInput("the file of --out or its checkpoint");
        Cli.Run([.. train, "--log", folder.File("no/such/log.csv")]).RequireBadInput("--log");
        Cli.Run([.. train, "--tensorboard", folder.Write("file", [1])]).RequireBadInput("--tensorboard");
        Cli.Run("train", "--data", trained.Data, "--from", trained.Path, "--out", trained.Path).RequireBadInput("the file of --from");
        File.WriteAllText(checkpoint, "days of work");
        Cli.Run(train).RequireBadInput("holds a training that was interrupted", "--resume");
        Assert.Equal("days of work", File.ReadAllText(checkpoint));
        Cli.Run("lr-find", "--data", data, "--out", path).RequireBadInput("--out is", "ends in .svg");
    }

    [Fact]
    public void A_head_that_is_complete_is_not_trained_anew_by_resume()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("m.safetensors");
        string[] train = ["train", "--data", trained.Data, "--from", trained.Path, "--epochs", "2", "--out", path, "--resume"];
        Cli.Run(train).RequireDone();
        byte[] first = File.ReadAllBytes(path);
        Cli.Run(train).RequireBadInput("its training is complete");
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    [Fact]
    public void Folders_for_training_validation_and_test_are_kept_apart()
    {
        using var folder = new TemporaryFolder();
        string all = Photos.Write(folder, 48, least: 20, most: 30), data = folder.File("parts"), path = folder.File("m.safetensors");
        foreach (string kind in Photos.Kinds)
        {
            string[] pictures = [.. Directory.GetFiles(Path.Combine(all, kind)).Order(StringComparer.Ordinal)];
            for (int i = 0; i < pictures.Length; i++)
            {
                string part = Path.Combine(data, i < 6 ? "train" : i < 8 ? "val" : "test", kind);
                Directory.CreateDirectory(part);
                File.Copy(pictures[i], Path.Combine(part, Path.GetFileName(pictures[i])));
            }
        }

        string[] train = ["train", "--data", data, "--size", "16", "--epochs", "1", "--out", path];
        Assert.Contains("on 24 images, validating on 8, testing on 16", Cli.Run(train).Error, StringComparison.Ordinal);
        Cli.Run([.. train, "--validation", "0.2"]).RequireBadInput("has a folder for validation");
        File.WriteAllText(Path.Combine(data, "train", "disc", "broken.png"), "no picture");
        Assert.Contains("of 16 images", Cli.Run("evaluate", path, "--data", data).Output, StringComparison.Ordinal);
        File.Delete(Path.Combine(data, "train", "disc", "broken.png"));
        Directory.Delete(Path.Combine(data, "test"), recursive: true);
        Assert.Equal((24, 8), Counts());
        Directory.Delete(Path.Combine(data, "val"), recursive: true);
        Directory.CreateDirectory(Path.Combine(data, ".hidden"));
        Assert.Equal(24, Counts() is var (seen, test) ? seen + test : 0);

        (int Seen, int Test) Counts()
        {
            JsonElement json = Cli.Run([.. train, "--json"]).Json();
            return (json.GetProperty("trainImages").GetInt32() + json.GetProperty("validationImages").GetInt32(),
                json.GetProperty("testImages").GetInt32());
        }
    }

    [Fact]
    public void IDX_files_have_as_many_classes_as_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        byte[] labels = [.. Enumerable.Range(0, 30).Select(i => (byte)(i % 3 * 6))], pixels = new byte[30 * 64];
        new Random(1).NextBytes(pixels);
        foreach (string part in (ReadOnlySpan<string>)["train", "t10k"])
        {
            folder.Write($"{part}-images-idx3-ubyte", SmallData.Idx(pixels, 30, 8, 8));
            folder.Write($"{part}-labels-idx1-ubyte", SmallData.Idx(labels, 30));
        }

        string path = folder.File("m.safetensors");
        Cli.Run("train", "--data", folder.Path, "--model", "photos", "--size", "8", "--out", path).RequireBadInput("are for pictures");
        Cli.Run("train", "--data", folder.Path, "--out", path).RequireBadInput("label 2 is 12; expected 0 to 9");
        Cli.Run("train", "--classes", "13", "--out", path).RequireBadInput("--classes is for folders of IDX files");
        Cli.Run("lr-find", "--classes", "13", "--out", folder.File("c.svg")).RequireBadInput("--classes is for folders of IDX files");
        Cli.Run("train", "--data", folder.Path, "--classes", "13", "--epochs", "1", "--out", path).RequireDone();
        Assert.Equal(new Shape(13), Model.Load(path).OutputShape);
        Assert.Equal(30, Cli.Run("evaluate", path, "--data", folder.Path, "--json").Json().GetProperty("count").GetInt32());
    }

    [Fact]
    public void The_names_of_known_data_are_not_folders()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("mnist/a"));
        using var process = new ChildProcess(folder.Path, "train", "--data", "mnist", "--epochs", "1");
        process.Wait().RequireBadInput("--data mnist: there is no folder");
    }
}
