using System.Buffers.Binary;
using System.Text.Json;
using CnnFast.Data;
using CnnFast.Layers;

namespace CnnFast.Cli.Tests;

public sealed class VisualizeTests(TrainedModel trained)
{
    private static readonly byte[] PngStart = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public void A_digit_becomes_a_picture_of_the_width_that_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("three.png");
        JsonElement result = Cli.Run("visualize", trained.Path, "digits:3", "-o", path, "--size", "500", "--json").Json();
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal(PngStart, file[..4]);
        Assert.Equal(500, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)));
        Assert.Equal(500, result.GetProperty("width").GetInt32());
        Assert.Equal(result.GetProperty("height").GetInt32(), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20)));
        Assert.Equal(DigitDataset.LoadEmbedded().Test.GetLabel(3), result.GetProperty("label").GetInt32());
        Assert.InRange(result.GetProperty("probability").GetDouble(), 0.1, 1);
        Assert.NotEqual(0, result.GetProperty("layers").GetArrayLength());
    }

    [Fact]
    public void Everything_goes_into_one_page_and_all_layers_where_the_pattern_fits_them()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("page.html");
        CliResult result = Cli.Run("visualize", trained.Path, "digits:0", "--out", path, "--gradients", "--filters", "--saliency", "--cam",
            "--layers", "*");
        result.RequireDone();
        Assert.Contains($"{trained.Model.Layers.Count - 1} layers", result.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(path);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        foreach (string part in (string[])["saliency", "Grad-CAM", "filters of", "gradient by", "minus label"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        foreach (LayerInfo layer in trained.Model.Layers)
            Assert.Contains($"<th scope=\"row\">{layer.Name}</th>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ONNX_model_shows_what_the_model_shows_that_it_comes_from()
    {
        using var folder = new TemporaryFolder();
        string onnx = folder.File("digits.onnx");
        Cli.Run("convert", trained.Path, onnx).RequireDone();
        JsonElement[] results = [.. ((string[])[trained.Path, onnx]).Select(model =>
            Cli.Run("visualize", model, "digits:7", "-o", folder.File("a.png"), "--cam", "--gradients", "--json").Json())];
        Assert.Equal(results[0].GetProperty("class").GetInt32(), results[1].GetProperty("class").GetInt32());
        Assert.Equal(results[0].GetProperty("probability").GetDouble(), results[1].GetProperty("probability").GetDouble(), 1e-4);
    }

    [Fact]
    public void A_photograph_goes_through_a_model_of_photographs_with_names_of_classes()
    {
        using var folder = new TemporaryFolder();
        Model model = new Sequential(new Conv2D(4, 3, activation: Activation.ReLU), new GlobalAveragePool2D(), new Dense(4), new Softmax())
            .Build(new Shape(32, 40, 3), seed: 1);
        model.ClassNames = Photos.Kinds;
        model.Save(folder.File("photos.safetensors"));
        string photo = Directory.GetFiles(Path.Combine(Photos.Write(folder, 4), "ring"))[0];
        CliResult result = Cli.Run("visualize", folder.File("photos.safetensors"), photo, "-o", folder.File("a.html"), "--label", "ring",
            "--cam", "--class", "disc");
        result.RequireDone();
        string page = File.ReadAllText(folder.File("a.html"));
        Assert.Contains("the right class is ring", page, StringComparison.Ordinal);
        Assert.Contains("Grad-CAM of disc", page, StringComparison.Ordinal);
        Cli.Run("visualize", folder.File("photos.safetensors"), photo, "-o", folder.File("a.png"), "--label", "cat")
            .RequireBadInput("--label is 'cat'", "0 to 3", "'cross'");
    }

    [Fact]
    public void Gradients_without_a_label_say_that_they_take_the_guess()
    {
        using var folder = new TemporaryFolder();
        string digit = folder.Write("digit.png", Png.Encode(28, 28, Png.Grey, DigitDataset.LoadEmbedded().Test.GetImageBytes(1).ToArray()));
        CliResult result = Cli.Run("visualize", trained.Path, digit, "-o", folder.File("a.html"), "--gradients");
        Assert.Contains("No --label was given", result.Output, StringComparison.Ordinal);
        Assert.Contains("which was predicted", File.ReadAllText(folder.File("a.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_comes_from_standard_input()
    {
        using var folder = new TemporaryFolder();
        byte[] digit = Png.Encode(28, 28, Png.Grey, DigitDataset.LoadEmbedded().Test.GetImageBytes(1).ToArray());
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        var host = new CommandHost(text, text, false, false, TestContext.Current.CancellationToken)
        {
            OpenInput = () => new MemoryStream(digit),
        };
        Assert.True(CnnFastCommand.Run(["visualize", trained.Path, "-", "-o", folder.File("a.html")], host) == 0, text.ToString());
        string[] pages = [File.ReadAllText(folder.File("a.html")), ""];
        Cli.Run("visualize", trained.Path, folder.Write("-.png", digit), "-o", folder.File("a.html")).RequireDone();
        pages[1] = File.ReadAllText(folder.File("a.html"));
        Assert.Equal(pages[1].Replace("-.png", "-", StringComparison.Ordinal), pages[0]);
    }

    [Fact]
    public void What_is_shown_is_not_written_over()
    {
        using var folder = new TemporaryFolder();
        string digit = folder.Write("digit.png", Png.Encode(28, 28, Png.Grey, new byte[784]));
        Cli.Run("visualize", trained.Path, digit, "-o", digit).RequireBadInput("--out is", "the file of IMAGE");
        string model = folder.Write("model.html", File.ReadAllBytes(trained.Path));
        Cli.Run("visualize", model, "digits:1", "-o", model).RequireBadInput("--out is", "the file of MODEL");
    }

    [Fact]
    public void Of_a_damaged_model_nothing_is_guessed()
    {
        using var folder = new TemporaryFolder();
        Model model = new Sequential(new Conv2D(2, 3), new GlobalAveragePool2D(), new Dense(2), new Softmax()).Build(new Shape(28, 28, 1));
        Parameter filter = model.Parameters[0];
        filter.Assign([.. Enumerable.Repeat(float.NaN, filter.Values.Length)]);
        model.Save(folder.File("nan.safetensors"));
        CliResult result = Cli.Run("visualize", folder.File("nan.safetensors"), "digits:0", "-o", folder.File("a.png"), "--gradients");
        result.RequireDone();
        Assert.Contains("there is no guess", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("digits:3", "a.gif", "--filters", ".png or .html")]
    [InlineData("digits:1000", "a.png", "--filters", "0 to 999")]
    [InlineData("digits:x", "a.png", "--filters", "0 to 999")]
    [InlineData("digits:3", "a.png", "--label=10", "0 to 9")]
    [InlineData("digits:3", "a.png", "--class=3", "--saliency or --cam")]
    [InlineData("digits:3", "a.png", "--layers=nope*", "No layer is named 'nope*'")]
    [InlineData("digits:3", "a.png", "--size=7", "320 to 8192")]
    [InlineData("digits:3", "a.png", "--channels=0", "1 to 65536")]
    [InlineData("nothing.png", "a.png", "--filters", "There is no file 'nothing.png'")]
    [InlineData("digits:3", "no/folder/a.png", "--filters", "--out")]
    public void Bad_input_is_one_sentence(string image, string output, string option, string part)
    {
        using var folder = new TemporaryFolder();
        Cli.Run("visualize", trained.Path, image, "-o", folder.File(output), option).RequireBadInput(part);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Models_of_no_single_picture_are_refused()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("visualize", "zoo:squeezenet", "digits:3", "-o", folder.File("a.png")).RequireBadInput("28x28", "[224, 224, 3]");
        new Sequential(new Dense(2)).Build(new Shape(7)).Save(folder.File("flat.safetensors"));
        Cli.Run("visualize", folder.File("flat.safetensors"), "digits:3", "-o", folder.File("a.png")).RequireBadInput("[7]", "[H, W, 3]");
    }
}
