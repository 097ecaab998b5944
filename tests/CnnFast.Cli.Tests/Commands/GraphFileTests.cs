using System.Xml.Linq;

namespace CnnFast.Cli.Tests;

/// <summary><c>inspect --graph</c>: files, pages and standard output.</summary>
public sealed class GraphFileTests(TrainedModel trained)
{
    [Fact]
    public void The_ending_says_what_is_written()
    {
        using var folder = new TemporaryFolder();
        string svg = folder.File("g.svg"), page = folder.File("g.html");
        Assert.Equal(svg, Cli.Run("inspect", trained.Path, "--graph", svg).Output.Trim());
        Assert.Equal(trained.Model.Layers.Count, Nodes(File.ReadAllText(svg)));
        Assert.Equal(page, Cli.Run("inspect", trained.Path, "--graph", page, "--json").Json().GetProperty("path").GetString());
        Assert.Contains("Steps that run", File.ReadAllText(page), StringComparison.Ordinal);
        Cli.Run("inspect", trained.Path, "--graph", folder.File("g.png")).RequireBadInput("g.png", ".svg or .html");
        Cli.Run("inspect", trained.Path, "--graph", "-", "--json").RequireBadInput("--graph is '-'");
    }

    [Fact]
    public void Passes_give_the_steps_that_run_and_a_dash_is_standard_output()
    {
        string layers = Cli.Run("inspect", trained.Path, "--graph", "-").Output;
        string steps = Cli.Run("inspect", trained.Path, "--graph", "-", "--passes").Output;
        Assert.InRange(Nodes(steps), 3, Nodes(layers) - 1);
    }

    [Fact]
    public void An_ONNX_model_of_bound_dimensions_is_drawn()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Models", "ppocr_cls.onnx");
        string drawn = Cli.Run("inspect", path, "--shape", "1x3x48x192", "--passes", "--graph", "-").Output;
        Assert.InRange(Nodes(drawn), 20, 500);
        Cli.Run("inspect", path, "--graph", "-").RequireBadInput("--shape");
    }

    private static int Nodes(string svg) =>
        XDocument.Parse(svg).Descendants().Count(element => (string?)element.Attribute("class") == "node");
}
