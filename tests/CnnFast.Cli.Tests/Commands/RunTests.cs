using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Layers;

namespace CnnFast.Cli.Tests;

public sealed class RunTests(TrainedModel trained)
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(3, "2")]
    [InlineData(150, "0")]
    public void A_batch_of_any_size_gives_the_bits_of_a_session_of_that_batch(int samples, string threads)
    {
        using var folder = new TemporaryFolder();
        float[] x = Images(samples);
        NpyFile.Write(folder.File("x.npy"), new Shape(samples, 28, 28, 1), x);
        var json = Cli.Run("run", trained.Path, "--input", folder.File("x.npy"), "--output", folder.File("y.npy"), "--threads", threads,
            "--json").Json();
        NpyArray y = NpyFile.Read(folder.File("y.npy"));
        Assert.Equal(new Shape(samples, 10), y.Shape);
        Assert.Equal(Session(samples, x), y.Data.ToArray());
        Assert.Equal([samples, 10], json.GetProperty("outputs")[0].GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal(samples, json.GetProperty("samples").GetInt32());
    }

    [Fact]
    public void One_sample_without_a_batch_and_names_before_the_paths_are_understood()
    {
        using var folder = new TemporaryFolder();
        float[] x = Images(1);
        NpyFile.Write(folder.File("x.npy"), new Shape(28, 28, 1), x);
        string output = trained.Model.Layers[^1].Name;
        CliResult result = Cli.Run("run", trained.Path, "--input", $"input={folder.File("x.npy")}", "--output",
            $"{output}={folder.File("y.npy")}");
        Assert.True(result.Code == 0, result.ToString());
        NpyArray y = NpyFile.Read(folder.File("y.npy"));
        Assert.Equal(new Shape(10), y.Shape);
        Assert.Equal(Session(1, x), y.Data.ToArray());
    }

    // The largest batch of a session decides its algorithms.
    private float[] Session(int samples, float[] x)
    {
        using var session = new InferenceSession(trained.Model, new SessionOptions { MaxBatch = samples });
        var y = new float[samples * 10];
        session.Run(x, y);
        return y;
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
        Cli.Run("run", trained.Path, "--input", folder.Write("cut.npy", whole.AsSpan(0, whole.Length / 2)), "--output", y)
            .RequireBadInput("cut.npy");
        Cli.Run("run", trained.Path, "--input", x, "--output", folder.File("no/y.npy")).RequireBadInput("--output", "no");
        Cli.Run("run", trained.Path, "--input", x).RequireBadInput("--output", "cnnfast run --help");
        Assert.False(File.Exists(y));
    }

    [Fact]
    public void A_model_with_several_inputs_and_outputs_takes_and_gives_them_by_name()
    {
        using var folder = new TemporaryFolder();
        (string path, Model model) = TwoAndTwo(folder);
        foreach (int n in (int[])[1, 150])
        {
            (float[] photo, float[] facts) = (Numbers(n * 60), Numbers(n * 4));
            NpyFile.Write(folder.File("p.npy"), new Shape(n, 6, 5, 2), photo);
            NpyFile.Write(folder.File("f.npy"), new Shape(n, 4), facts);
            var json = Cli.Run(
                "run", path, "--input", $"facts={folder.File("f.npy")}", "--input", $"photo={folder.File("p.npy")}",
                "--output", $"size={folder.File("s.npy")}", "--output", $"kind={folder.File("k.npy")}", "--json").Json();
            Assert.Equal(["photo", "facts"],
                json.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()));
            Assert.Equal(["kind", "size"],
                json.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
            (float[] kind, float[] size) = (new float[n * 5], new float[n * 2]);
            using var session = new InferenceSession(model, new SessionOptions { MaxBatch = n });
            session.Run([photo, facts], [kind, size]);
            Assert.Equal(new Shape(n, 5), NpyFile.Read(folder.File("k.npy")).Shape);
            Assert.Equal(kind, NpyFile.Read(folder.File("k.npy")).Data.ToArray());
            Assert.Equal(size, NpyFile.Read(folder.File("s.npy")).Data.ToArray());
        }
    }

    [Fact]
    public void Missing_unknown_and_doubled_names_are_bad_input()
    {
        using var folder = new TemporaryFolder();
        (string path, _) = TwoAndTwo(folder);
        string p = $"photo={folder.File("p.npy")}";
        string f = $"facts={folder.File("f.npy")}";
        string k = $"kind={folder.File("k.npy")}";
        string s = $"size={folder.File("s.npy")}";
        NpyFile.Write(folder.File("p.npy"), new Shape(2, 6, 5, 2), Numbers(120));
        NpyFile.Write(folder.File("f.npy"), new Shape(3, 4), Numbers(12));
        Cli.Run("run", path, "--input", p, "--output", k, "--output", s)
            .RequireBadInput("--input gives no path for 'facts'", "'photo', 'facts'");
        Cli.Run("run", path, "--input", p, "--input", f, "--output", k)
            .RequireBadInput("--output gives no path for 'size'", "'kind', 'size'");
        Cli.Run("run", path, "--input", p, "--input", f, "--input", "other=x.npy", "--output", k, "--output", s)
            .RequireBadInput("--input names 'other'", "'photo', 'facts'");
        Cli.Run("run", path, "--input", p, "--input", p, "--output", k, "--output", s).RequireBadInput("--input gives 'photo' twice");
        Cli.Run("run", path, "--input", folder.File("p.npy"), "--input", f, "--output", k, "--output", s)
            .RequireBadInput("without a name", "'photo', 'facts'");
        Cli.Run("run", path, "--input", p, "--input", f, "--output", k, "--output", $"size={folder.File("k.npy")}")
            .RequireBadInput("more than one output", "k.npy");
        Cli.Run("run", path, "--input", p, "--input", f, "--output", k, "--output", s).RequireBadInput("f.npy' has 3 samples", "p.npy' 2");
        Cli.Run("run", trained.Path, "--input", "a.npy", "--input", "b.npy", "--output", folder.File("y.npy"))
            .RequireBadInput("--input gives 'input' twice", "'a.npy'", "'b.npy'");
        Cli.Run("predict", path, "x.png").RequireBadInput("2 inputs and 2 outputs");
        Assert.False(File.Exists(folder.File("k.npy")));
    }

    [Fact]
    public void Bench_and_inspect_take_several_inputs_and_outputs()
    {
        using var folder = new TemporaryFolder();
        (string path, Model model) = TwoAndTwo(folder);
        var bench = Cli.Run("bench", path, "--batch", "2", "--threads", "1", "--seconds", "0.05", "--profile", "--json").Json();
        Assert.InRange(bench.GetProperty("minUs").GetDouble(), 0.1, double.MaxValue);
        Assert.NotEmpty(bench.GetProperty("nodes").EnumerateArray());
        var inspect = Cli.Run("inspect", path, "--passes", "--json").Json();
        Assert.Equal(["photo", "facts"],
            inspect.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()));
        Assert.Equal([4], inspect.GetProperty("inputs")[1].GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal(model.Outputs.Select(output => output.Name),
            inspect.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        string text = Cli.Run("inspect", path, "--passes", "--format", "plain").Output;
        Assert.Contains("Inputs         photo [6, 5, 2], facts [4]", text, StringComparison.Ordinal);
        Assert.Contains("Outputs        kind [5], size [2]", text, StringComparison.Ordinal);

        // A column is as wide as what stands in it.
        string[] steps = [.. text.Split('\n')
            .SkipWhile(line => !line.StartsWith("Step", StringComparison.Ordinal))
            .TakeWhile(line => !line.StartsWith("Arena", StringComparison.Ordinal))];
        Assert.Single(steps.Select(line => line.Length).Distinct());
        int outputs = steps[0].IndexOf("Output", StringComparison.Ordinal);
        Assert.All(steps[1..], line => Assert.Equal("  [", line[(outputs - 2)..(outputs + 1)]));
    }

    private static (string Path, Model Model) TwoAndTwo(TemporaryFolder folder)
    {
        var photo = new Input(new Shape(6, 5, 2), "photo");
        var facts = new Input(new Shape(4), "facts");
        ModelNode convolved = new ReLU().Apply(new BatchNormalization().Apply(new ZeroPadding2D(1).Apply(new Conv2D(4, 3).Apply(photo))));
        ModelNode both = new Concatenate().Apply(new Flatten().Apply(convolved), facts);
        Model model = Model.Build([photo, facts], [new Dense(5, name: "kind").Apply(both), new Dense(2, name: "size").Apply(both)],
            seed: 2);
        string path = folder.File("two.safetensors");
        model.Save(path);
        return (path, model);
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    private static float[] Images(int count)
    {
        ImageDataset test = DigitDataset.LoadEmbedded().Test;
        var x = new float[count * 784];
        test.CopyImages([.. Enumerable.Range(0, count)], x);
        return x;
    }
}
