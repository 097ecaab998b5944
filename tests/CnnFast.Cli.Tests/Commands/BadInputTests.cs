using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Layers;

namespace CnnFast.Cli.Tests;

public sealed class BadInputTests(TrainedModel trained)
{
    [Theory]
    [InlineData("train --epochs 0", "--epochs is '0'")]
    [InlineData("train --epochs -3", "--epochs is '-3'")]
    [InlineData("train --epochs three", "--epochs is 'three'")]
    [InlineData("train --epochs 99999999999999999999", "--epochs is '99999999999999999999'")]
    [InlineData("train --epochs", "--epochs")]
    [InlineData("train --batch-size 0", "--batch-size is '0'; expected a whole number from 1")]
    [InlineData("train --batch-size -64", "--batch-size is '-64'")]
    [InlineData("train --learning-rate 0", "--learning-rate is '0'; expected a number above 0")]
    [InlineData("train --learning-rate -0.1", "--learning-rate is '-0.1'")]
    [InlineData("train --learning-rate NaN", "--learning-rate is 'NaN'")]
    [InlineData("train --learning-rate 0,1", "--learning-rate is '0,1'")]
    [InlineData("train --seed -1", "--seed is '-1'")]
    [InlineData("train --threads -2", "--threads is '-2'")]
    [InlineData("train --threads 5000", "--threads is '5000'")]
    [InlineData("train --model resnet", "--model is 'resnet'; expected digits, mnist, fashion, photos, tutorial")]
    [InlineData("train --optimizer tiger", "--optimizer is 'tiger'; expected sgd, momentum, nesterov, adam")]
    [InlineData("train --validation 1", "--validation is '1'; expected a number from 0 to 0.9")]
    [InlineData("train --init zero", "--init is 'zero'")]
    [InlineData("train --frobnicate", "--frobnicate")]
    [InlineData("train extra", "extra")]
    [InlineData("train --data no/such/folder", "no/such/folder")]
    [InlineData("train --data mnist", "data/mnist")]
    [InlineData("train --data fashion-mnist", "data/fashion-mnist")]
    [InlineData("bench m.safetensors --batch 0", "--batch is '0'")]
    [InlineData("bench m.safetensors --threads -1", "--threads is '-1'")]
    [InlineData("bench m.safetensors --algorithm fft", "--algorithm is 'fft'; expected one of auto, direct, winograd2, winograd4")]
    [InlineData("run m.safetensors --input input=x.npy --output softmax=y.npy --algorithm 1", "--algorithm is '1'")]
    [InlineData("bench m.safetensors --seconds 0", "--seconds is '0'")]
    [InlineData("evaluate", "MODEL")]
    [InlineData("evaluate no-such.safetensors", "no-such.safetensors")]
    [InlineData("predict", "cnnfast predict --help")]
    [InlineData("predict no-such.safetensors", "IMAGE")]
    [InlineData("convort a b", "There is no command 'convort'")]
    [InlineData("convert a b", "OUT is 'b'; expected a name that ends with .onnx or .safetensors")]
    [InlineData("convert a.onnx b.onnx", "There is no file 'a.onnx'; expected an ONNX model")]
    [InlineData("convert a.safetensors b.onnx --opset 16", "--opset is '16'")]
    [InlineData("convert a.safetensors b.onnx --layout chw", "--layout is 'chw'; expected one of nchw, nhwc")]
    [InlineData("convert zoo:lenet5 b.onnx --shape 1x28x28x1", "--shape is '1x28x28x1'")]
    [InlineData("compare m.onnx --golden no-such-folder", "--golden is 'no-such-folder'")]
    [InlineData("compare m.onnx", "--golden")]
    [InlineData("run no-such.onnx --input x.npy --output y.npy", "no-such.onnx")]
    [InlineData("@args.txt", "@args.txt")]
    public void Bad_usage_is_a_sentence_and_exit_code_2(string line, string part)
    {
        using var folder = new TemporaryFolder();
        Cli.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).RequireBadInput(part);
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_found_before_the_training()
    {
        using var folder = new TemporaryFolder();
        string readOnly = folder.Write("kept.safetensors", "kept"u8);
        File.SetAttributes(readOnly, FileAttributes.ReadOnly);
        Cli.Run("train", "--out", folder.File("no/m.safetensors")).RequireBadInput("--out", "create it first");
        Cli.Run("train", "--out", folder.Path).RequireBadInput("--out", folder.Path, "a folder");
        Cli.Run("train", "--out", folder.File("new") + "/").RequireBadInput("--out", "a folder");
        if (OperatingSystem.IsLinux())
        {
            Cli.Run("train", "--out", "/dev/full").RequireBadInput("--out", "/dev/full", "device");
            Cli.Run("train", "--out", "/dev/null").RequireBadInput("--out", "/dev/null", "device");
            Cli.Run("train", "--out", folder.File(new string('n', 256))).RequireBadInput("--out", "too long");
            File.CreateSymbolicLink(folder.File("link"), folder.File("no/m.safetensors"));
            Cli.Run("train", "--out", folder.File("link"))
                .RequireBadInput("--out", folder.File("link"), $"there is no folder '{folder.File("no")}'");
        }

        Cli.Run("train", "--out", "").RequireBadInput("--out", "expected the path of a file");
        Cli.Run("train", "--out", readOnly).RequireBadInput("--out", "read-only");
        File.SetAttributes(readOnly, FileAttributes.Normal);
        Assert.Equal("kept", File.ReadAllText(readOnly));
    }

    [Fact]
    public void Damaged_and_mismatched_IDX_files_are_named()
    {
        void Damage(string file, Func<byte[], byte[]> damage, params string[] parts)
        {
            using var folder = new TemporaryFolder();
            string data = SmallData.Write(folder);
            folder.Write(file, damage(File.ReadAllBytes(folder.File(file))));
            Cli.Run("train", "--data", data, "--out", folder.File("m.safetensors")).RequireBadInput([file, .. parts]);
            Cli.Run("evaluate", trained.Path, "--data", data).RequireBadInput([file, .. parts]);
            Assert.False(File.Exists(folder.File("m.safetensors")));
        }

        Damage("train-images-idx3-ubyte", bytes => bytes[..^100]);
        Damage("train-images-idx3-ubyte", bytes => [.. bytes, 0]);
        Damage("train-images-idx3-ubyte", bytes => bytes[..7]);
        Damage("train-images-idx3-ubyte", bytes => [.. "PNG!"u8, .. bytes[4..]]);
        Damage("train-images-idx3-ubyte", _ => SmallData.Idx([1], int.MaxValue, int.MaxValue, int.MaxValue));
        Damage("train-images-idx3-ubyte", _ => SmallData.Idx([1], -1, 28, 28));
        Damage("train-labels-idx1-ubyte", _ => SmallData.Idx(new byte[5], 5), "96", "5");
        Damage("train-labels-idx1-ubyte", bytes => [.. bytes[..^1], 10], "10");
        Damage("t10k-images-idx3-ubyte", _ => SmallData.Idx(new byte[SmallData.TestCount * 27 * 28], SmallData.TestCount, 27, 28), "27×28",
            "28×28");

        using var incomplete = new TemporaryFolder();
        SmallData.Write(incomplete);
        File.Delete(incomplete.File("t10k-labels-idx1-ubyte"));
        Cli.Run("train", "--data", incomplete.Path).RequireBadInput("t10k-labels-idx1-ubyte");
    }

    [Fact]
    public void Damaged_model_files_are_named_by_every_command()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(trained.Path);
        string[] bad =
        [
            folder.Write("cut.safetensors", whole.AsSpan(0, whole.Length - 10)),
            folder.Write("header.safetensors", whole.AsSpan(0, 100)),
            folder.Write("empty.safetensors", []),
            folder.Write("huge.safetensors", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, (byte)'{']),
            folder.Write("text.safetensors", "This is no model."u8),
            folder.Write("more.safetensors", [.. whole, 1]),
        ];
        SafetensorsWriter.Write(folder.File("foreign.safetensors"), [new SafetensorsTensor("w", new Shape(2), new float[2])]);
        foreach (string path in (string[])[.. bad, folder.File("foreign.safetensors"), folder.Path])
        {
            string name = Path.GetFileName(path);
            Cli.Run("evaluate", path).RequireBadInput(name);
            Cli.Run("predict", path, "x.png").RequireBadInput(name);
            Cli.Run("inspect", path).RequireBadInput(name);
            Cli.Run("bench", path).RequireBadInput(name);
            Cli.Run("run", path, "--input", "x.npy", "--output", "y.npy").RequireBadInput(name);
        }
    }

    [Fact]
    public void A_model_for_other_shapes_is_refused()
    {
        using var folder = new TemporaryFolder();
        string small = folder.File("small.safetensors");
        new Sequential(new Flatten(), new Dense(10), new Softmax()).Build(new Shape(8, 8, 1), seed: 1).Save(small);
        Cli.Run("evaluate", small).RequireBadInput("[28, 28, 1]", "[8, 8, 1]");

        string three = folder.File("three.safetensors");
        new Sequential(new Flatten(), new Dense(3), new Softmax()).Build(new Shape(28, 28, 1), seed: 1).Save(three);
        Cli.Run("evaluate", three).RequireBadInput("10", "3");

        string colour = folder.File("colour.safetensors");
        new Sequential(new Flatten(), new Dense(10), new Softmax()).Build(new Shape(28, 28, 2), seed: 1).Save(colour);
        Cli.Run("predict", colour, "x.png").RequireBadInput("[28, 28, 2]", "[H, W, 3]");
    }

    [Fact]
    public void A_folder_that_holds_too_small_images_for_the_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (string part in (string[])["train", "t10k"])
        {
            folder.Write($"{part}-images-idx3-ubyte", SmallData.Idx(new byte[4], 4, 1, 1));
            folder.Write($"{part}-labels-idx1-ubyte", SmallData.Idx(new byte[4], 4));
        }

        Cli.Run("train", "--data", folder.Path, "--out", folder.File("m.safetensors")).RequireBadInput("max_pool2d_1");
        Assert.Equal(1, IdxDataset.LoadFolder(folder.Path).Train.H);
    }
}
