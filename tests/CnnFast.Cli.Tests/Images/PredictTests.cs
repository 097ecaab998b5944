using System.Text.Json;
using CnnFast.Data;
using CnnFast.DigitPictures;
using CnnFast.Layers;

namespace CnnFast.Cli.Tests;

public sealed class PredictTests(TrainedModel trained)
{
    private const int Pictures = 100;

    private static readonly ImageDataset Digits = DigitDataset.LoadEmbedded().Test;

    private static readonly Dictionary<string, Func<byte[], int, byte[]>> Variants = new()
    {
        ["light on dark, as it is"] = (digit, _) => Png.Encode(28, 28, Png.Grey, digit),
        ["dark on light, 28×28"] = (digit, _) => Picture.Of(digit, 1, 28, 28, 0, 0).Grey(255, 0),
        ["off-centre, 28×28"] = (digit, _) => Picture.Of(digit, 1, 28, 28, 3, -2).Grey(0, 255),
        ["twice as large"] = (digit, _) => Picture.Of(digit, 2, 56, 56, 0, 0).Grey(255, 0),
        ["half as large, wide"] = (digit, _) => Picture.Of(digit, 0.5, 40, 30, 15, 5).Grey(255, 0),
        ["blue on cream, 200×150"] = (digit, _) => Picture.Of(digit, 5, 200, 150, 30, 5).Colour((250, 245, 220), (20, 30, 150)),
        ["yellow on navy, 150×260"] = (digit, _) => Picture.Of(digit, 4, 150, 260, 20, 120).Colour((10, 10, 60), (250, 230, 40)),
        ["black on nothing"] = (digit, _) => Picture.Of(digit, 6, 300, 200, 77, 3).SeeThrough(0, 0),
        ["black on nothing that is white"] = (digit, _) => Picture.Of(digit, 6, 300, 200, 77, 3).SeeThrough(0, 255),
        ["white on nothing"] = (digit, _) => Picture.Of(digit, 6, 300, 200, 77, 3).SeeThrough(255, 0),
        ["in a corner, low contrast"] = (digit, _) => Picture.Of(digit, 4, 400, 300, 280, 180).Grey(180, 120),
        ["a grainy scan with specks"] = (digit, i) => Picture.Of(digit, 8, 400, 300, 100, 50).Scan(200, 60, 12, i),
    };

    public static TheoryData<string> VariantNames => [.. Variants.Keys];

    [Fact]
    public void A_name_of_a_file_cannot_command_the_terminal()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TemporaryFolder();
        string path = folder.Write("a\u001b[31m.png", Png.Encode(28, 28, Png.Grey, Digits.GetImageBytes(0).ToArray()));
        string shown = Cli.Run("predict", trained.Path, path).Output;
        Assert.Contains("a?[31m.png", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", shown, StringComparison.Ordinal);
        JsonElement image = Cli.Run("predict", trained.Path, path, "--json").Json().GetProperty("images")[0];
        Assert.Equal(path, image.GetProperty("file").GetString());
    }

    [Theory]
    [MemberData(nameof(VariantNames))]
    public void Pictures_of_every_kind_are_read_as_well_as_the_digits_themselves(string variant)
    {
        int right = 0;
        int direct = 0;
        for (int i = 0; i < Pictures; i++)
        {
            byte[] digit = Digits.GetImageBytes(i).ToArray();
            using var folder = new TemporaryFolder();
            GreyImage picture = ImageFile.Read(folder.Write("digit.png", Variants[variant](digit, i)));
            byte[]? prepared = DigitImage.Prepare(picture, 28, 28);
            Assert.NotNull(prepared);
            right += Classify(prepared) == Digits.GetLabel(i) ? 1 : 0;
            direct += Classify(digit) == Digits.GetLabel(i) ? 1 : 0;
        }

        Assert.True(direct >= 90, $"{direct} of {Pictures} right from the data set itself");
        Assert.True(right >= direct - 5, $"{variant}: {right} of {Pictures} right, {direct} from the data set itself");
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(64, 4)]
    [InlineData(150, 1)]
    [InlineData(150, 6)]
    [InlineData(150, 20)]
    public void Digits_drawn_with_a_pen_of_any_width_are_read(int side, double pen)
    {
        int right = 0;
        var wrong = new List<string>();
        for (int i = 0; i < 40; i++)
        {
            using var folder = new TemporaryFolder();
            GreyImage picture = ImageFile.Read(folder.Write("pen.png", PenStrokes.Draw(i % 10, side, pen, paper: 255, ink: 30, seed: i)));
            int found = Classify(DigitImage.Prepare(picture, 28, 28)!);
            if (found == i % 10)
                right++;
            else
                wrong.Add($"{i % 10} as {found}");
        }

        Assert.True(right >= 34, $"{right} of 40 right; {string.Join(", ", wrong)}");
    }

    [Fact]
    public void A_picture_that_already_is_as_MNIST_makes_them_gives_what_its_bytes_give()
    {
        using var folder = new TemporaryFolder();
        string[] files = [.. Enumerable.Range(0, 60)
            .Select(i => folder.Write($"{i}.png", Png.Encode(28, 28, Png.Grey, Digits.GetImageBytes(i))))];
        JsonElement[] images = [.. Cli.Run(["predict", trained.Path, .. files, "--json"]).Json().GetProperty("images").EnumerateArray()];
        Assert.Equal(files, images.Select(image => image.GetProperty("file").GetString()));
        for (int i = 0; i < files.Length; i++)
        {
            var input = new float[784];
            trained.Model.Normalization.Apply(Digits.GetImageBytes(i), input);
            float[] expected = trained.Model.Predict(input);
            Assert.Equal(expected, images[i].GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle()));
            Assert.Equal(Array.IndexOf(expected, expected.Max()), images[i].GetProperty("class").GetInt32());
            Assert.Equal(expected.Max(), images[i].GetProperty("probability").GetSingle());
        }
    }

    [Fact]
    public void Nearly_all_digits_of_the_data_set_are_seen_as_already_prepared()
    {
        int same = Enumerable.Range(0, Digits.Count).Count(i => DigitImage.Prepare(
            new GreyImage(28, 28, [.. Digits.GetImageBytes(i).ToArray().Select(value => value / 255f)]), 28, 28)
            .AsSpan()
            .SequenceEqual(Digits.GetImageBytes(i)));
        Assert.Equal(Digits.Count, same);
    }

    [Fact]
    public void The_text_gives_the_three_likeliest_classes_with_bars()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("digit.png", Png.Encode(28, 28, Png.Grey, Digits.GetImageBytes(0)));
        CliResult result = Cli.Run("predict", trained.Path, file);
        Assert.True(result.Code == 0, result.ToString());
        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith(file, lines[0], StringComparison.Ordinal);
        Assert.Contains("█", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Contains(" %", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Blank_pictures_are_refused_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        byte[] Flat(byte value) => [.. Enumerable.Repeat(value, 900)];
        Cli.Run("predict", trained.Path, folder.Write("white.png", Png.Encode(30, 30, Png.Grey, Flat(255))))
            .RequireBadInput("white.png", "blank");
        Cli.Run("predict", trained.Path, folder.Write("black.png", Png.Encode(30, 30, Png.Grey, Flat(0))))
            .RequireBadInput("black.png", "blank");
        Cli.Run("predict", trained.Path, folder.Write("clear.png", Png.Encode(15, 15, Png.ColourAlpha, Flat(0))))
            .RequireBadInput("clear.png", "blank");
        Cli.Run("predict", trained.Path, folder.Write("dot.png", Png.Encode(1, 1, Png.Grey, [7]))).RequireBadInput("dot.png", "blank");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_whose_weights_are_not_numbers_fails_with_a_sentence_that_names_it(bool softmax)
    {
        using var folder = new TemporaryFolder();
        Layer[] layers = [new Flatten(), new Dense(10), .. softmax ? [new Softmax()] : Array.Empty<Layer>()];
        Model model = new Sequential(layers).Build(new Shape(28, 28, 1), seed: 1);
        foreach (Parameter parameter in model.Parameters)
            parameter.Assign([.. Enumerable.Repeat(float.NaN, parameter.Shape.ElementCount)]);
        string path = folder.File("nan.safetensors");
        model.Save(path);
        string file = folder.Write("digit.png", Png.Encode(28, 28, Png.Grey, Digits.GetImageBytes(0)));
        foreach (string[] args in (string[][])[["predict", path, file], ["predict", path, file, "--json"]])
        {
            CliResult result = Cli.Run(args);
            Assert.True(result.Code == 1, result.ToString());
            Assert.Equal("", result.Output);
            Assert.Contains($"'{path}' gives numbers", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_of_colour_pictures_says_what_its_classes_are_called()
    {
        // Logits are the means of red, green and blue.
        Model model = new Sequential(new GlobalAveragePool2D(), new Dense(3, useBias: false)).Build(new Shape(4, 4, 3), seed: 1);
        model.Parameters[0].Assign([9, 0, 0, 0, 9, 0, 0, 0, 9]);
        model.ClassNames = ["fire", "forest", "deep sea"];
        using var folder = new TemporaryFolder();
        string path = folder.File("colours.safetensors");
        model.Save(path);
        string blue = folder.Write("blue.png", Png.Encode(7, 5, Png.ColourAlpha, Pixels(0, 0, 255)));
        string red = folder.Write("red.png", Png.Encode(7, 5, Png.ColourAlpha, Pixels(255, 0, 0)));
        string[] lines = Cli.Run("predict", path, blue, red).Output.Split('\n');
        Assert.Contains("deep sea", lines[0], StringComparison.Ordinal);
        Assert.Contains("fire", lines[3], StringComparison.Ordinal);
        JsonElement[] images = [.. Cli.Run("predict", path, red, "--fit", "Pad", "--json").Json().GetProperty("images").EnumerateArray()];
        Assert.Equal("fire", images[0].GetProperty("name").GetString());
        Cli.Run("predict", path, folder.Write("bad.png", [1, 2, 3])).RequireBadInput("bad.png", "no picture");

        static byte[] Pixels(byte r, byte g, byte b) => [.. Enumerable.Repeat<byte[]>([r, g, b, 255], 35).SelectMany(pixel => pixel)];
    }

    [Fact]
    public void Numbers_and_labels_are_not_printed_as_classes()
    {
        using var folder = new TemporaryFolder();
        string red = folder.Write("red.png", Png.Encode(2, 2, Png.Colour, [.. Enumerable.Repeat<byte[]>([255, 0, 0], 4)
            .SelectMany(pixel => pixel)]));
        Layer[] mean = [new GlobalAveragePool2D()];
        string path = folder.File("m.safetensors");

        Save(new Dense(1, useBias: false), [7, 0, 0]);
        Assert.Equal($"{red}  7\n", Cli.Run("predict", path, red).Output);
        JsonElement image = Cli.Run("predict", path, red, "--json").Json().GetProperty("images")[0];
        Assert.Equal(7, image.GetProperty("values")[0].GetDouble());
        Assert.False(image.TryGetProperty("class", out _));

        // Two of three labels apply; a softmax over them would say otherwise.
        Save(new Dense(3, activation: Activation.Sigmoid, useBias: false), [9, 9, -9, 0, 0, 0, 0, 0, 0]);
        string[] lines = Cli.Run("predict", path, red).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Contains("99.99 %", line, StringComparison.Ordinal));

        // A view behind the activation changes nothing.
        Save(new Dense(3, useBias: false), [9, 0, 0, 0, 0, 0, 0, 0, 0], new Softmax(), new Reshape([3]));
        Assert.Contains("99.98 %", Cli.Run("predict", path, red).Output, StringComparison.Ordinal);

        void Save(Layer last, float[] weights, params Layer[] more)
        {
            Model model = new Sequential([.. mean, last, .. more]).Build(new Shape(2, 2, 3), seed: 1);
            model.Parameters[0].Assign(weights);
            model.Save(path);
        }
    }

    private int Classify(byte[] bytes)
    {
        var input = new float[bytes.Length];
        trained.Model.Normalization.Apply(bytes, input);
        float[] output = trained.Model.Predict(input);
        return Array.IndexOf(output, output.Max());
    }
}
