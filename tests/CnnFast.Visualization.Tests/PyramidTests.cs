using System.Globalization;
using System.Text.RegularExpressions;
using CnnFast.Data;
using CnnFast.Layers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Visualization.Tests;

public sealed class PyramidTests
{
    private static readonly float[] Ramp = [1, 2, 3, 4];

    [Fact]
    public void A_map_is_drawn_in_whole_multiples_with_its_values_as_shades()
    {
        var map = new HeatMap(2, 3, new float[] { 0, 1, 2, 3, 4, 0 });
        var scale = ColorScale.Of(map.Values.Span);
        Assert.Equal("black 0, white 4", scale.Words);
        Picture picture = TileGrid.Draw([Tile.Of("0", map, scale), Tile.Of("1", map, scale)], 68, 2);
        Assert.Equal((68, 16 + 22 + 4), (picture.Width, picture.Height));
        byte[] shades = [0, 64, 128, 191, 255, 0];
        for (int i = 0; i < 6; i++)
        {
            for (int tile = 0; tile < 2; tile++)
            {
                (int x, int y) = ((36 * tile) + 1 + (10 * (i % 3)), 17 + (10 * (i / 3)));
                var shade = new Rgb(shades[i], shades[i], shades[i]);
                Assert.Equal(shade, picture.At(x, y));
                Assert.Equal(shade, picture.At(x + 9, y + 9));
            }
        }
    }

    [Theory]
    [InlineData(968, 32, false)]
    [InlineData(968, 32, true)]
    [InlineData(288, 8, false)]
    [InlineData(288, 8, true)]
    public void Numbers_of_channels_are_whole(int width, int perRow, bool apart)
    {
        foreach (int first in (int[])[0, 60, 990, 65_400])
        {
            string[] labels = [.. Enumerable.Range(first, 64).Select(i => i.ToString(CultureInfo.InvariantCulture))];
            Picture picture = TileGrid.Draw([.. labels.Select(label => new Tile(label, 1, 1, [Rgb.White]))], width, perRow, apart);
            Assert.InRange(picture.Width, 1, width);
            Assert.Equal(labels.Sum(label => Written(label, Rgb.Faint)), Count(picture, Rgb.Faint));
        }
    }

    [Fact]
    public void Numbers_of_a_strip_are_whole()
    {
        float[] values = [.. Enumerable.Range(0, 16).Select(i => -1.234e-12f * MathF.Pow(30, i))];
        int[] units = [.. Enumerable.Range(0, 16)];
        foreach (int width in (int[])[288, 500, 968])
        {
            Picture picture = Strip.Draw(values, units, ColorScale.Of(values), width);
            string[] texts = [.. values.Select(value => Strip.Short(value, 56))];
            Assert.All(texts, text => Assert.InRange(text.Length, 1, 6));
            Assert.Equal(units.Sum(unit => Written($"{unit}", Rgb.Faint)), Count(picture, Rgb.Faint));
        }
    }

    [Fact]
    public void White_tiles_are_told_apart()
    {
        Tile white = new("0", 2, 2, [.. Enumerable.Repeat(Rgb.White, 4)]);
        Picture picture = TileGrid.Draw([white, white], 100, 4);
        Assert.Equal([Rgb.White, Rgb.Line, Rgb.Paper, Rgb.Line, Rgb.White], Runs(picture, 17)[1..^1]);

        // Between the kernels of a filter is a line, between filters much more.
        Model model = new Sequential(new Conv2D(3, 3, name: "conv")).Build(new Shape(4, 4, 4));
        Nets.Assign(model, "conv.filter", [.. Enumerable.Repeat(1f, 3 * 3 * 4 * 3)]);
        Tile[] filters = [.. FilterTiles.Of(model.Parameters[0], 3).Tiles];
        picture = TileGrid.Draw(filters, 768, 8, apart: true);
        Rgb[] filter = [Rgb.Line, Rgb.White, Rgb.Line, Rgb.White, Rgb.Line];
        Assert.Equal([.. filter, Rgb.Paper, .. filter, Rgb.Paper, .. filter], Runs(picture, 17));
        (int width, int height) = filters[0].SizeIn(80);
        Assert.Equal((79, 79), (width, height));
        Assert.True(Lengths(picture, 17)[5] >= 10 * Lengths(picture, 17)[2]);
    }

    [Fact]
    public void Bars_have_room_in_narrow_pictures()
    {
        Model model = Nets.TwoMaps(softmax: true);
        ClassBar[] bars = [.. ((float[])[0.8398f, 0.1593f, 0.0001f]).Select((probability, i) => new ClassBar(i, new string('w', 30),
            probability, i == 0 ? "right, as guessed" : "", i == 0 ? Rgb.Green : Rgb.Blue))];
        foreach (int width in (int[])[288, 400, 480, 600, 968])
        {
            Picture picture = ClassBar.Draw(bars, width);
            int[] lengths = [.. Enumerable.Range(0, picture.Height).Select(y => Lengths(picture, y)
                .Zip(Runs(picture, y)).Where(run => run.Second == Rgb.Green || run.Second == Rgb.Blue).Select(run => run.First)
                .DefaultIfEmpty().Max()).Chunk(picture.Height / 3).Select(rows => rows.Max())];
            Assert.True(lengths[0] >= 100, $"{width}: {lengths[0]}");
            Assert.Equal(lengths[0] * 0.1593 / 0.8398, lengths[1], 1.0);
            Assert.Equal(1, lengths[2]);
            Assert.Equal(Written("right, as guessed", Rgb.Green), Count(picture, Rgb.Green) - (lengths[0] * (BitmapFont.Height - 4)));
        }
    }

    [Fact]
    public void A_class_that_was_asked_for_has_a_bar()
    {
        Model model = new Sequential(new Dense(40, name: "scores"), new Softmax()).Build(new Shape(4), seed: 1);
        Nets.Assign(model, "scores.bias", [.. Enumerable.Range(0, 40).Select(i => (float)-i)]);
        Nets.Assign(model, "scores.filter", new float[160]);
        var activations = new Activations(model, Ramp);
        Assert.Equal([.. Enumerable.Range(0, 10)], ClassBar.Of(activations, null).Select(bar => bar.Index));
        IReadOnlyList<ClassBar> bars = ClassBar.Of(activations, 20, 33);
        Assert.Equal([.. Enumerable.Range(0, 10), 20, 33], bars.Select(bar => bar.Index));
        Assert.Equal("asked for", bars[^1].Mark);
        Assert.Equal(11, ClassBar.Of(activations, 33, 33).Count);
        string page = Pictures.Page(activations, new PyramidOptions { ClassIndex = 33 });
        Assert.Contains("<th scope=\"row\">class 33</th>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_both_signs_have_one_scale_with_white_at_0()
    {
        var scale = ColorScale.Of([-1, 0, 2, float.NaN]);
        Assert.Equal("blue -2, white 0, red 2", scale.Words);
        Assert.Equal(Rgb.White, scale.Color(0));
        Assert.True(scale.Color(-1).B > scale.Color(-1).R && scale.Color(2).R > scale.Color(2).B);
        Assert.Equal(Rgb.Paper, scale.Color(float.NaN));
    }

    [Fact]
    public void Maps_larger_than_their_cell_become_means()
    {
        var map = new HeatMap(4, 4, new float[] { 0, 2, 2, 2, 2, 0, 2, 2, 0, 0, 1, 1, 0, 0, 1, 1 });
        Picture picture = Drawing.Blank(2, 2, Rgb.Paper);
        Tile.Of("", map, ColorScale.Of(map.Values.Span)).Draw(picture, 0, 0, 2, 2);
        Assert.Equal([127, 255, 0, 128], new[] { picture.At(0, 0).R, picture.At(1, 0).R, picture.At(0, 1).R, picture.At(1, 1).R });
    }

    [Fact]
    public void A_map_grows_bilinearly_between_the_middles_of_its_pixels()
    {
        var map = new HeatMap(1, 2, new float[] { 0, 4 });
        Assert.Equal([0, 1, 3, 4], map.Resize(1, 4).Values.ToArray());
        Assert.Equal(2, map.Resize(1, 1).Values.Span[0]);
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1000)]
    public void A_picture_has_the_width_that_was_asked_for(int width)
    {
        Model model = Nets.Trained();
        float[] input = Nets.Input(model);
        Picture picture = Pictures.Pyramid(new Activations(model, input), new PyramidOptions
        {
            Width = width,
            Gradients = new Gradients(model, input, 0),
            Label = 0,
            Filters = true,
            Cam = true,
        });
        using Image<Rgb24> read = Image.Load<Rgb24>(picture.ToPng());
        Assert.Equal((width, picture.Height), (read.Width, read.Height));
    }

    [Fact]
    public void The_strongest_channels_are_shown_and_the_picture_says_so()
    {
        Model model = new Sequential(new Conv2D(6, 1, name: "maps")).Build(new Shape(2, 2, 1));
        Nets.Assign(model, "maps.filter", 1, -3, 0, 2, 0.5f, 0.1f);
        IReadOnlyList<Section> sections = PyramidSections.Of(new Activations(model, Ramp), new PyramidOptions { Channels = 2 });
        Section maps = sections.First(section => section.Title.StartsWith("maps", StringComparison.Ordinal));
        Assert.Contains("the strongest 2 of 6 channels by mean absolute activation", maps.Facts, StringComparison.Ordinal);
        Assert.Contains("blue -12, white 0, red 12", maps.Facts, StringComparison.Ordinal);
    }

    [Fact]
    public void Right_and_wrong_are_said_in_words_and_colours()
    {
        var activations = new Activations(Nets.TwoMaps(), Ramp);
        Assert.Equal([("wrong guess", Rgb.Red), ("right class", Rgb.Green)], Marks(1));
        Assert.Equal([("right, as guessed", Rgb.Green), ("", Rgb.Faint)], Marks(0));
        Assert.Equal([("guess", Rgb.Blue), ("", Rgb.Faint)], Marks(null));

        IEnumerable<(string, Rgb)> Marks(int? label) => ClassBar.Of(activations, label).Select(bar => (bar.Mark, bar.Color));
    }

    [Fact]
    public void An_input_of_normalised_bytes_is_shown_as_the_bytes()
    {
        Model model = Nets.TwoMaps();
        model.Normalization = Normalization.FromMeanStd(0.13, 0.31);
        byte[] bytes = [0, 17, 128, 255];
        (Tile tile, string facts) = InputTiles.Of(new Activations(model, bytes).Input, planes: false, model.Normalization);
        Assert.Equal(bytes, tile.Colors.Select(color => color.G));
        Assert.Contains("as its bytes", facts, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_loads_nothing_and_says_every_picture_in_words()
    {
        Model model = Nets.TwoMaps(softmax: true);
        model.ClassNames = ["<b>cats & dogs", "ünï"];
        string page = Pictures.Page(new Activations(model, Ramp), new PyramidOptions
        {
            Label = 1,
            Gradients = new Gradients(model, Ramp, 1),
            Saliency = true,
            Cam = true,
            Filters = true,
        });
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>cats", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;cats &amp; dogs", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        Assert.Contains("wrong guess", page, StringComparison.Ordinal);
        MatchCollection images = Regex.Matches(page, "<img [^>]*>");
        Assert.Equal(8, images.Count);
        Assert.All(images, image => Assert.Matches("alt=\"[^\"]{10,}\" src=\"data:image/png;base64,", image.Value));
        Assert.Contains("<th scope=\"row\">maps</th><td class=\"text\">Conv2D</td><td>[2, 2, 2]</td><td data-value=\"-4\">-4</td>" +
            "<td data-value=\"0\">0</td><td data-value=\"4\">4</td><td data-value=\"0\">0.0 %</td>", page, StringComparison.Ordinal);
    }

    // The lines of docs/visualization.md.
    [Fact]
    public void The_lines_of_the_page_compile_and_run()
    {
        TrainTestDatasets digits = DigitDataset.LoadEmbedded();
        Model model = ModelZoo.LeNet5.Build(seed: 1);
        var activations = new Activations(model, digits.Test.GetImageBytes(2));
        var gradients = new Gradients(model, activations.Input.Values.Span, label: 1);
        byte[] png = Pictures.Pyramid(activations, new PyramidOptions { Gradients = gradients, Label = 1 }).ToPng();
        string html = Pictures.Page(activations, new PyramidOptions { Gradients = gradients, Cam = true });
        LayerValues strongest = activations.Layers.MaxBy(layer => layer.Maximum)!;
        HeatMap cam = gradients.GradCam(classIndex: 3).Resize(28, 28);
        Assert.True(png.Length > 1000 && html.Length > png.Length && strongest.Maximum > 0 && cam.Values.Length == 784);
    }

    [Fact]
    public void Characters_that_the_font_lacks_become_question_marks()
    {
        Assert.Equal("a?b y^ - y 2x3", BitmapFont.Ascii("aéb ŷ − y 2×3"));
        Assert.Equal(["one two", "three", "fourt.."], BitmapFont.Lines("one two three fourteen", 7));
    }

    [Fact]
    public void Options_out_of_range_are_refused_in_one_sentence()
    {
        var activations = new Activations(Nets.TwoMaps(), Ramp);
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Pyramid(activations, new PyramidOptions { Width = 100 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Pyramid(activations, new PyramidOptions { Channels = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Page(activations, new PyramidOptions { Label = 2 }));
        Assert.Throws<ArgumentException>(() => Pictures.Pyramid(activations, new PyramidOptions { Cam = true }));
        var tall = new Activations(Tall(), new float[30_000], "*");
        Assert.Contains("fewer layers", Assert.Throws<ArgumentException>(() =>
            Pictures.Pyramid(tall, new PyramidOptions { Width = 8192, Channels = 9000 })).Message, StringComparison.Ordinal);
    }

    private static int Count(Picture picture, Rgb color)
    {
        int count = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
                count += picture.At(x, y) == color ? 1 : 0;
        }

        return count;
    }

    // The pixels of a text.
    private static int Written(string text, Rgb color)
    {
        Picture picture = Drawing.Blank(text.Length * BitmapFont.Width, BitmapFont.Height, Rgb.Paper);
        BitmapFont.Draw(picture, 0, 0, text, color);
        return Count(picture, color);
    }

    private static Rgb[] Runs(Picture picture, int y)
    {
        Rgb[] row = [.. Enumerable.Range(0, picture.Width).Select(x => picture.At(x, y))];
        return [.. row.Where((color, x) => x == 0 || color != row[x - 1])];
    }

    private static int[] Lengths(Picture picture, int y)
    {
        int[] starts = [.. Enumerable.Range(0, picture.Width).Where(x => x == 0 || picture.At(x, y) != picture.At(x - 1, y)),
            picture.Width];
        return [.. starts.Skip(1).Zip(starts, (next, start) => next - start)];
    }

    private static Model Tall() => new Sequential(new Conv2D(300, 1), new Conv2D(300, 1), new Conv2D(300, 1), new Conv2D(300, 1))
        .Build(new Shape(100, 100, 3));
}
