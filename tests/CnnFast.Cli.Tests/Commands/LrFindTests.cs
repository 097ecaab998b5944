using System.Text.Json;
using System.Xml.Linq;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Cli.Tests;

public sealed class LrFindTests
{
    [Fact]
    public void A_preset_gives_a_table_a_suggestion_and_a_picture()
    {
        using var folder = new TemporaryFolder();
        string picture = folder.File("curve.svg");
        CliResult result = Cli.Run("lr-find", "--data", SmallData.Write(folder), "--steps", "40", "--batch-size", "16", "--out", picture);
        Assert.True(result.Code == 0, result.ToString());
        string[] lines = result.Output.Split('\n');
        Assert.Equal("Learning rate        Loss    Smoothed", lines[0]);
        Assert.All(lines[..^2], line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("Suggestion  ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(picture, result.Output.TrimEnd(), StringComparison.Ordinal);
        XElement svg = XDocument.Load(picture).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        Assert.Equal(2, svg.Elements().Count(element => element.Name.LocalName == "polyline"));
    }

    [Fact]
    public void A_model_file_is_tested_and_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder), path = folder.File("m.safetensors");
        ModelPresets.Tutorial.WithHeInitialization().Build(new Shape(28, 28, 1), 10, seed: 1).Save(path);
        byte[] before = File.ReadAllBytes(path);
        JsonElement json = Cli.Run("lr-find", path, "--data", data, "--optimizer", "LION", "--min", "1e-5", "--max", "0.1", "--steps", "30",
            "--threads", "2", "--out", folder.File("c.svg"), "--json").Json();
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.InRange(json.GetProperty("points").GetArrayLength(), 3, 30);
        JsonElement first = json.GetProperty("points")[0];
        Assert.Equal(1e-5, first.GetProperty("learningRate").GetDouble(), 1e-9);
        Assert.Equal(first.GetProperty("loss").GetDouble(), first.GetProperty("smoothedLoss").GetDouble(), 1e-9);
        Assert.InRange(json.GetProperty("lowest").GetDouble(), 9e-6, 0.11);
    }

    [Fact]
    public void Bad_input_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("lr-find", "--optimizer", "sdg").RequireBadInput("--optimizer is 'sdg'", "nesterov");
        Cli.Run("lr-find", "--min", "1", "--max", "0.5", "--out", folder.File("c.svg")).RequireBadInput("--max is '0.5'", "above --min, 1");
        Cli.Run("lr-find", "nothing.safetensors", "--out", folder.File("c.svg")).RequireBadInput("nothing.safetensors");
        Cli.Run("lr-find", "--out", folder.File("no/folder/c.svg")).RequireBadInput("--out");
    }
}
