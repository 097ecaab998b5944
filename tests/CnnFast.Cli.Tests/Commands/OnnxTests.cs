using System.Text.Json;
using CnnFast.Files;
using CnnFast.Layers;
using CnnFast.Onnx;

namespace CnnFast.Cli.Tests;

/// <summary>The commands on ONNX files.</summary>
public sealed class OnnxTests(TrainedModel trained)
{
    [Fact]
    public void A_model_goes_to_ONNX_and_back_with_the_bits_of_its_parameters()
    {
        using var folder = new TemporaryFolder();
        foreach (string layout in (string[])["nchw", "nhwc"])
        {
            foreach (string opset in (string[])["17", "20"])
            {
                string onnx = folder.File($"{layout}{opset}.onnx");
                string back = folder.File($"{layout}{opset}.safetensors");
                Assert.Equal(0, Cli.Run("convert", trained.Path, onnx, "--layout", layout, "--opset", opset).Code);
                Assert.Equal("safetensors", Cli.Run("convert", onnx, back, "--json").Json().GetProperty("format").GetString());
                Model model = Model.Load(back);
                Assert.Equal(trained.Model.Parameters.Select(parameter => parameter.Name),
                    model.Parameters.Select(parameter => parameter.Name));
                Assert.All(trained.Model.Parameters.Zip(model.Parameters), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
                Assert.Equal(trained.Model.Normalization, model.Normalization);
                float[] image = Numbers(28 * 28);
                Assert.Equal(trained.Model.Predict(image), model.Predict(image));
            }
        }
    }

    [Fact]
    public void A_model_that_is_no_layers_becomes_a_model_file_and_ONNX_again()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.Write("exp.onnx", OneNode("Exp", [1, 4]));
        Cli.Run("convert", onnx, folder.File("exp.safetensors"), "--json").Json();
        Cli.Run("convert", folder.File("exp.safetensors"), folder.File("again.onnx"));
        NpyFile.Write(folder.File("x.npy"), new Shape(1, 4), [0, 1, 2, -1]);
        foreach (string model in (string[])["exp.onnx", "exp.safetensors", "again.onnx"])
        {
            Cli.Run("run", folder.File(model), "--input", folder.File("x.npy"), "--output", folder.File("y.npy"), "--json").Json();
            Assert.Equal(float.Exp(2), NpyFile.Read(folder.File("y.npy")).Data.Span[2], 1e-5f);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Run_takes_the_batch_from_the_array_and_gives_what_the_model_file_gives(int samples)
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.File("digits.onnx");
        Cli.Run("convert", trained.Path, onnx);
        float[] x = Numbers(samples * 28 * 28);
        NpyFile.Write(folder.File("x.npy"), new Shape(samples, 1, 28, 28), x);
        JsonElement json = Cli.Run("run", onnx, "--input", folder.File("x.npy"), "--output", folder.File("y.npy"), "--algorithm", "direct",
            "--json").Json();
        Assert.Equal([samples, 10], json.GetProperty("outputs")[0].GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        NpyArray y = NpyFile.Read(folder.File("y.npy"));
        Assert.Equal(new Shape(samples, 10), y.Shape);
        float[] expected = trained.Model.Predict(x);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(y.Data.Span[i], expected[i] - 1e-4f, expected[i] + 1e-4f);
    }

    [Fact]
    public void Run_takes_integers_and_truth_values()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.Write("shift.onnx", OneNode("Add", [3], type: 7, inputs: 2));
        NpyFile.WriteElements(folder.File("a.npy"), new Shape(3), ElementType.Int64,
            [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        NpyFile.WriteElements(folder.File("b.npy"), new Shape(3), ElementType.UInt8, [10, 20, 30]);
        Assert.Equal(0, Cli.Run("run", onnx, "--input", $"x0={folder.File("a.npy")}", "--input", $"x1={folder.File("b.npy")}", "--output",
            folder.File("y.npy")).Code);
        (NpyElement element, Shape shape, byte[] bytes) = NpyFile.ReadElements(folder.File("y.npy"));
        Assert.Equal(('i', 8, new Shape(3)), (element.Kind, element.Size, shape));
        Assert.Equal([11, 22, (1L << 32) + 30], Enumerable.Range(0, 3).Select(i => BitConverter.ToInt64(bytes, 8 * i)));

        string not = folder.Write("not.onnx", OneNode("Not", [2], type: 9));
        NpyFile.WriteElements(folder.File("c.npy"), new Shape(2), ElementType.Bool, [1, 0]);
        Assert.Equal(0, Cli.Run("run", not, "--input", folder.File("c.npy"), "--output", folder.File("d.npy")).Code);
        Assert.Equal([0f, 1f], NpyFile.Read(folder.File("d.npy")).Data.ToArray());
        Cli.Run("run", not, "--input", folder.File("b.npy"), "--output", folder.File("d.npy")).RequireBadInput("b.npy", "uint8", "Bool");
        NpyFile.Write(folder.File("f.npy"), new Shape(3), [1, 2, 3]);
        Cli.Run("run", onnx, "--input", $"x0={folder.File("f.npy")}", "--input", $"x1={folder.File("b.npy")}", "--output",
                folder.File("y.npy"))
            .RequireBadInput("f.npy", "float32", "Int64");
    }

    [Fact]
    public void Bench_and_inspect_ask_for_dimensions_that_are_open()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.Write("open.onnx", OneNode("Relu", [-1, 3, -1, -1]));
        Cli.Run("bench", onnx).RequireBadInput("x0: Float32 [?, 3, ?, ?]", "--shape 1x3xHxW");
        Cli.Run("inspect", onnx, "--passes").RequireBadInput("--shape 1x3xHxW");
        Cli.Run("bench", onnx, "--shape", "1x3xHxW").RequireBadInput("--shape is '1x3xHxW'");
        Cli.Run("bench", onnx, "--shape", "z=1x3x4x5").RequireBadInput("--shape is 'z=1x3x4x5'", "'x0'");
        Cli.Run("bench", onnx, "--shape", "1x4x4x5").RequireBadInput("[1, 4, 4, 5]");
        Cli.Run("inspect", trained.Path, "--shape", "1x28x28x1").RequireBadInput("--shape", "fixed");
        CliResult open = Cli.Run("inspect", onnx);
        Assert.True(open.Code == 0, open.ToString());
        Assert.Contains("Input          x0: Float32 [?, 3, ?, ?]", open.Output, StringComparison.Ordinal);
        Assert.Contains("expected --shape 1x3xHxW", open.Output, StringComparison.Ordinal);

        JsonElement bench = Cli.Run("bench", onnx, "--shape", "x0=2x3x4x5", "--threads", "1", "--seconds", "0.05", "--json").Json();
        Assert.Equal(2, bench.GetProperty("batch").GetInt32());
        Assert.Equal(JsonValueKind.Number, bench.GetProperty("allocatedBytesPerRun").ValueKind);
        CliResult bound = Cli.Run("inspect", onnx, "--shape", "1x3x4x5", "--passes");
        foreach (string part in (string[])["operator set 17", "Operators      Relu 1", "Batch          any number", "Transposes     ",
            "Arena ", "Arena "])
            Assert.Contains(part, bound.Output, StringComparison.Ordinal);
        JsonElement json = Cli.Run("inspect", onnx, "--shape", "1x3x4x5", "--passes", "--json").Json();
        Assert.Equal(17, json.GetProperty("opset").GetInt32());
        Assert.Equal(1, json.GetProperty("operators").GetProperty("Relu").GetInt32());
        Assert.Equal([-1, 3, -1, -1], json.GetProperty("inputs")[0].GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        Assert.NotEmpty(json.GetProperty("layers").EnumerateArray());
        Assert.NotEmpty(json.GetProperty("steps").EnumerateArray());
    }

    [Fact]
    public void Compare_names_the_first_node_that_departs()
    {
        using var folder = new TemporaryFolder();
        Model model = new Sequential(new Conv2D(4, 3, name: "stem"), new ReLU("relu"), new Flatten("flat"), new Dense(3, name: "head"))
            .Build(new Shape(6, 5, 2), seed: 3);
        string file = folder.File("m.safetensors");
        string onnx = folder.File("m.onnx");
        model.Save(file);
        OnnxModel.Export(model, onnx, new OnnxExportOptions { Layout = OnnxLayout.Nhwc });
        float[] x = Numbers(2 * 60);
        float[] stem = Inside(model, "stem", x);
        float[] relu = [.. stem.Select(value => Math.Max(value, 0))];
        NpyFile.Write(folder.File("input_0.npy"), new Shape(2, 6, 5, 2), x);
        NpyFile.Write(folder.File("output_0.npy"), new Shape(2, 3), model.Predict(x));
        foreach (string path in (string[])[file, onnx])
        {
            bool isOnnx = path == onnx;
            Shape inside = isOnnx ? new Shape(2, 4, 4, 3) : new Shape(2, 4, 3, 4);
            NpyFile.Write(folder.File("stem.npy"), inside, isOnnx ? ToChannelsFirst(stem, 12, 4) : stem);
            NpyFile.Write(folder.File("relu.npy"), inside, isOnnx ? ToChannelsFirst(relu, 12, 4) : relu);
            File.Delete(folder.File("manifest.txt"));
            JsonElement plain = Cli.Run("compare", path, "--golden", folder.Path, "--json").Json();
            Assert.True(plain.GetProperty("holds").GetBoolean());
            File.WriteAllText(folder.File("manifest.txt"), "input_0.npy name=input shape=[2, 6, 5, 2]\noutput_0.npy name=head shape=[2, " +
                "3]\nstem.npy name=stem shape=[]\nrelu.npy name=relu shape=[]\n");
            CliResult good = Cli.Run("compare", path, "--golden", folder.Path, "--algorithm", "direct");
            Assert.True(good.Code == 0, good.ToString());
            Assert.Contains("All 3 tensors are within", good.Output, StringComparison.Ordinal);

            relu[5] += 1;
            NpyFile.Write(folder.File("relu.npy"), inside, isOnnx ? ToChannelsFirst(relu, 12, 4) : relu);
            relu[5] -= 1;
            CliResult bad = Cli.Run("compare", path, "--golden", folder.Path);
            Assert.True(bad.Code == 1, bad.ToString());
            Assert.Contains($"The first to depart: {(isOnnx ? "node 'relu' (Relu)" : "ReLU 'relu'")}, 'relu'", bad.Output,
                StringComparison.Ordinal);

            File.WriteAllText(folder.File("manifest.txt"), "input_0.npy name=input shape=[]\nstem.npy name=nothing shape=[]\n");
            Cli.Run("compare", path, "--golden", folder.Path).RequireBadInput("stem.npy", "'nothing'");
            File.WriteAllText(folder.File("manifest.txt"), "output_0.npy name=head shape=[]\n");
            Cli.Run("compare", path, "--golden", folder.Path).RequireBadInput("'input'");
            File.WriteAllText(folder.File("manifest.txt"), "../stem.npy name=head shape=[]\n");
            Cli.Run("compare", path, "--golden", folder.Path).RequireBadInput("manifest.txt", "../stem.npy");
        }
    }

    [Fact]
    public void Compare_says_that_shapes_differ_and_lists_outputs_as_the_model_does()
    {
        using var folder = new TemporaryFolder();
        var x = new Input(new Shape(4), "x");
        ModelNode early = new Dense(3, name: "early").Apply(x);
        Model model = Model.Build([x], [new Dense(2, name: "late").Apply(early), early], seed: 2);
        string file = folder.File("m.safetensors");
        string onnx = folder.File("m.onnx");
        model.Save(file);
        OnnxModel.Export(model, onnx);
        NpyFile.Write(folder.File("input_0.npy"), new Shape(1, 4), Numbers(4));
        NpyFile.Write(folder.File("output_0.npy"), new Shape(1, 3), Numbers(3));
        NpyFile.Write(folder.File("output_1.npy"), new Shape(1, 3), [float.NaN, 0, 0]);
        foreach (string path in (string[])[file, onnx])
        {
            CliResult result = Cli.Run("compare", path, "--golden", folder.Path);
            Assert.True(result.Code == 1, result.ToString());
            Assert.Contains("the shapes differ: [1, 2] here, [1, 3] in the file", result.Output, StringComparison.Ordinal);
            Assert.Contains("'early', element 0 is ", result.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", result.Output, StringComparison.Ordinal);
            JsonElement json = Cli.Run("compare", path, "--golden", folder.Path, "--json").Json(1);
            Assert.Equal(["late", "early"],
                json.GetProperty("tensors").EnumerateArray().Select(tensor => tensor.GetProperty("name").GetString()));
            Assert.Contains("early", json.GetProperty("firstDeparture").GetString(), StringComparison.Ordinal);
        }

        File.Delete(folder.File("output_0.npy"));
        NpyFile.Write(folder.File("output_1.npy"), new Shape(1, 3), Inside(model, "early", Numbers(4)));
        Assert.Contains("The tensor is within", Cli.Run("compare", file, "--golden", folder.Path).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_shows_what_is_known_of_a_model_that_does_not_run()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.Write("strange.onnx", OneNode("Frobnicate", [-1, 2]));
        CliResult result = Cli.Run("inspect", onnx);
        Assert.True(result.Code == 2, result.ToString());
        foreach (string part in (string[])["operator set 17, format 8, 1 node,", "Weights        0 tensors",
            "Input          x0: Float32 [?, 2]", "Output         y: Float32 [?, 2]", "Operators      Frobnicate 1 (not supported)"])
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.Contains("strange.onnx': node of output 'y' (Frobnicate): the operator 'Frobnicate' is not supported", result.Error,
            StringComparison.Ordinal);
        JsonElement json = Cli.Run("inspect", onnx, "--json").Json(2);
        Assert.Equal("Frobnicate", json.GetProperty("unsupportedOperators")[0].GetString());
        Assert.Contains("'Frobnicate' is not supported", json.GetProperty("error").GetString(), StringComparison.Ordinal);
        string half = folder.Write("half.onnx", OneNode("Relu", [1, 2], type: 10));
        Assert.Contains("x0: float16 [1, 2]", Cli.Run("inspect", half).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_without_effect_are_errors()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.Write("open.onnx", OneNode("Relu", [-1, 3]));
        Cli.Run("bench", onnx, "--shape", "4x3", "--batch", "2").RequireBadInput("--batch is '2'", "--shape", "4 samples");
        string four = folder.Write("four.onnx", OneNode("Relu", [4, 3]));
        Cli.Run("bench", four, "--batch", "2").RequireBadInput("--batch is '2'", "[4, 3]");
        Cli.Run("inspect", onnx, "--batch", "2").RequireBadInput("--batch", "any number of samples", "--passes");
        Cli.Run("inspect", trained.Path, "--batch", "2").RequireBadInput("--batch", "--passes");
        string pictures = folder.Write("pictures.onnx", OneNode("Relu", [-1, 3, -1, -1]));
        Cli.Run("inspect", pictures, "--batch", "2").RequireBadInput("--batch has no effect", "--shape");
        foreach (string[] option in (string[][])[["--opset", "17"], ["--fold-batch-normalization"]])
            Cli.Run(["convert", onnx, folder.File("out.safetensors"), .. option]).RequireBadInput(option[0], "out.safetensors");
        Cli.Run("convert", trained.Path, folder.File("out.safetensors"), "--layout", "nchw").RequireBadInput("--layout", "out.safetensors");
    }

    [Fact]
    public void Inspect_shows_a_model_of_one_size_of_batch_at_the_size_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.Write("mixed.onnx", OneNode("ReduceMax", [-1, 3]));
        Assert.Contains("(5, 3)", Cli.Run("inspect", onnx, "--batch", "5").Output, StringComparison.Ordinal);
        Assert.Contains("(1, 3)", Cli.Run("inspect", onnx).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nchw", new[] { 3, 1, 28, 28 })]
    [InlineData("nhwc", new[] { 3, 28, 28, 1 })]
    public void Convert_gives_an_ONNX_model_another_operator_set_and_order_of_images(string layout, int[] dimensions)
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.File("digits.onnx"), again = folder.File("again.onnx"), file = folder.File("digits.safetensors");
        Cli.Run("convert", trained.Path, onnx);
        Assert.Equal(0, Cli.Run("convert", onnx, again, "--opset", "20", "--layout", layout, "--fold-batch-normalization").Code);
        Assert.Contains("operator set 20", Cli.Run("inspect", again).Output, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run("convert", onnx, file, "--layout", layout).Code);
        float[] x = Numbers(3 * 28 * 28);
        NpyFile.Write(folder.File("x.npy"), new Shape(dimensions), x);
        float[] expected = trained.Model.Predict(x);
        foreach (string model in (string[])[again, file])
        {
            Assert.Equal(0,
                Cli.Run("run", model, "--input", folder.File("x.npy"), "--output", folder.File("y.npy"), "--algorithm", "direct").Code);
            NpyArray y = NpyFile.Read(folder.File("y.npy"));
            Assert.Equal(new Shape(3, 10), y.Shape);
            for (int i = 0; i < expected.Length; i++)
                Assert.InRange(y.Data.Span[i], expected[i] - 1e-4f, expected[i] + 1e-4f);
        }
    }

    [Fact]
    public void Bench_names_all_inputs_and_outputs()
    {
        using var folder = new TemporaryFolder();
        var x = new Input(new Shape(4), "x");
        OnnxModel.Export(Model.Build([x], [new Dense(2, name: "kind").Apply(x), new Dense(3, name: "size").Apply(x)]),
            folder.File("two.onnx"));
        Assert.Contains("(N, 4) to kind (N, 2), size (N, 3), ", Cli.Run("bench", folder.File("two.onnx"), "--seconds", "0.01").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_times_the_run_alone_and_reads_half_precision()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.Write("relu.onnx", OneNode("Relu", [1, 3]));
        byte[] header = System.Text.Encoding.ASCII.GetBytes("{'descr': '<f2', 'fortran_order': False, 'shape': (1, 3), }\n");
        byte[] halves = [.. new[] { -1.5, 0.5, 2.25 }.SelectMany(value => BitConverter.GetBytes((Half)value))];
        string input = folder.Write("x.npy", [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. halves]);
        CliResult result = Cli.Run("run", onnx, "--input", input, "--output", folder.File("y.npy"));
        Assert.Matches(@"x0 \[1, 3\] -> y \[1, 3\] in [0-9.]+ ms \(and [0-9.]+ ms before, to plan and warm up\)", result.Output);
        Assert.Equal([0f, 0.5f, 2.25f], NpyFile.Read(folder.File("y.npy")).Data.ToArray());
    }

    [Fact]
    public void Other_commands_and_damaged_files_give_a_sentence()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.File("digits.onnx");
        Cli.Run("convert", trained.Path, onnx);
        Cli.Run("predict", onnx, "x.png").RequireBadInput("digits.onnx", "cnnfast convert");
        string renamed = folder.Write("digits.bin", File.ReadAllBytes(onnx));
        Assert.Contains("operator set 17", Cli.Run("inspect", renamed).Output, StringComparison.Ordinal);
        string cut = folder.Write("cut.onnx", File.ReadAllBytes(onnx).AsSpan(0, 1000));
        foreach (string command in (string[])["inspect", "bench"])
            Cli.Run(command, cut).RequireBadInput("cut.onnx");
        string strange = folder.Write("strange.onnx", OneNode("Frobnicate", [1, 2]));
        Cli.Run("bench", strange).RequireBadInput("Frobnicate", "not supported");
        NpyFile.Write(folder.File("x.npy"), new Shape(1, 28, 28, 1), Numbers(784));
        Cli.Run("run", onnx, "--input", folder.File("x.npy"), "--output", folder.File("y.npy"))
            .RequireBadInput("[1, 28, 28, 1]", "[?, 1, 28, 28]");
    }

    private static float[] Inside(Model model, string layer, float[] x)
    {
        var part = new Model(model.Graph with { Outputs = [model.Graph.Nodes.First(node => node.Name == layer).Output] }, null);
        return part.Predict(x);
    }

    private static float[] ToChannelsFirst(float[] nhwc, int pixels, int channels)
    {
        var nchw = new float[nhwc.Length];
        for (int i = 0; i < nhwc.Length; i++)
            nchw[(((i / channels / pixels * channels) + (i % channels)) * pixels) + (i / channels % pixels)] = nhwc[i];
        return nchw;
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    // A model of one node at operator set 17, in the bytes of the format: inputs x0, x1, ... and the output y of one type and shape.
    private static byte[] OneNode(string op, int[] shape, int type = 1, int inputs = 1)
    {
        byte[] dims = [.. shape.SelectMany(dimension => Field(1, dimension < 0 ? Field(2, "N"u8.ToArray()) : [0x08, (byte)dimension]))];
        byte[] Value(string name) => [.. Field(1, Ascii(name)), .. Field(2, Field(1, [0x08, (byte)type, .. Field(2, dims)]))];
        string[] names = [.. Enumerable.Range(0, inputs).Select(i => $"x{i}")];
        byte[] node = [.. names.SelectMany(name => Field(1, Ascii(name))), .. Field(2, "y"u8.ToArray()), .. Field(4, Ascii(op))];
        byte[] graph = [.. Field(1, node), .. Field(2, "g"u8.ToArray()), .. names.SelectMany(name => Field(11, Value(name))),
            .. Field(12, Value("y"))];
        return [0x08, 8, .. Field(7, graph), .. Field(8, [0x10, 17])];
    }

    private static byte[] Ascii(string text) => [.. text.Select(c => (byte)c)];

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
}
