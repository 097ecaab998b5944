using CnnFast.Data;
using CnnFast.Formats;

namespace CnnFast.Cli.Tests;

public sealed class RunTests(TrainedModel trained)
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(3, "2")]
    [InlineData(150, "0")]
    public void A_batch_of_any_size_gives_the_bits_of_Predict(int samples, string threads)
    {
        using var folder = new TemporaryFolder();
        float[] x = Images(samples);
        NpyFile.Write(folder.File("x.npy"), new Shape(samples, 28, 28, 1), x);
        var json = Cli.Run("run", trained.Path, "--input", folder.File("x.npy"), "--output", folder.File("y.npy"), "--threads", threads, "--json").Json();
        NpyArray y = NpyFile.Read(folder.File("y.npy"));
        Assert.Equal(new Shape(samples, 10), y.Shape);
        Assert.Equal(trained.Model.Predict(x), y.Data.ToArray());
        Assert.Equal([samples, 10], json.GetProperty("output").GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal(samples, json.GetProperty("samples").GetInt32());
    }

    [Fact]
    public void One_sample_without_a_batch_and_names_before_the_paths_are_understood()
    {
        using var folder = new TemporaryFolder();
        float[] x = Images(1);
        NpyFile.Write(folder.File("x.npy"), new Shape(28, 28, 1), x);
        string output = trained.Model.Layers[^1].Name;
        CliResult result = Cli.Run("run", trained.Path, "--input", $"input={folder.File("x.npy")}", "--output", $"{output}={folder.File("y.npy")}");
        Assert.True(result.Code == 0, result.ToString());
        NpyArray y = NpyFile.Read(folder.File("y.npy"));
        Assert.Equal(new Shape(10), y.Shape);
        Assert.Equal(trained.Model.Predict(x), y.Data.ToArray());
    }

    [Fact]
    public void Wrong_names_shapes_files_and_folders_are_bad_input()
    {
        using var folder = new TemporaryFolder();
        string x = folder.File("x.npy");
        string y = folder.File("y.npy");
        NpyFile.Write(x, new Shape(2, 28, 27, 1), new float[2 * 28 * 27]);
        Cli.Run("run", trained.Path, "--input", x, "--output", y).RequireBadInput(x, "[2, 28, 27, 1]", "[N, 28, 28, 1]");
        Cli.Run("run", trained.Path, "--input", $"image={x}", "--output", y).RequireBadInput("'image'", "'input'");
        Cli.Run("run", trained.Path, "--input", folder.File("none.npy"), "--output", y).RequireBadInput("none.npy");
        Cli.Run("run", trained.Path, "--input", folder.Write("bad.npy", "\u0093NUMPY"u8), "--output", y).RequireBadInput("bad.npy");
        byte[] whole = File.ReadAllBytes(x);
        Cli.Run("run", trained.Path, "--input", folder.Write("cut.npy", whole.AsSpan(0, whole.Length / 2)), "--output", y).RequireBadInput("cut.npy");
        Cli.Run("run", trained.Path, "--input", x, "--output", folder.File("no/y.npy")).RequireBadInput("--output", "no");
        Cli.Run("run", trained.Path, "--input", x).RequireBadInput("--output", "cnnfast run --help");
        Assert.False(File.Exists(y));
    }

    private static float[] Images(int count)
    {
        ImageDataset test = DigitDataset.LoadEmbedded().Test;
        var x = new float[count * 784];
        test.CopyImages([.. Enumerable.Range(0, count)], x);
        return x;
    }
}
