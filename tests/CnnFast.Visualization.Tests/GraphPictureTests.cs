using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using CnnFast.Layers;
using CnnFast.Visualization.Graphs;

namespace CnnFast.Visualization.Tests;

/// <summary>Pictures of graphs: whole, without overlaps, and fast enough.</summary>
public sealed class GraphPictureTests
{
    public static TheoryData<string> Zoo => new(ModelZoo.All.Where(model => !model.Name.StartsWith("vgg", StringComparison.Ordinal))
        .Select(model => model.Name));

    [Theory]
    [MemberData(nameof(Zoo))]
    public void The_zoo_is_drawn_whole_before_and_after_compilation(string name)
    {
        Model model = ModelZoo.Find(name)!.Build(seed: 1);
        Hold(GraphPicture.Of(model), [.. model.Layers.Select(layer => layer.Name)],
            model.Layers.Sum(layer => layer.Inputs.Distinct().Count()));

        PlanInfo plan = InferenceSession.DescribePlan(model);
        GraphPicture after = GraphPicture.Of(model, plan);
        XElement[] nodes = Hold(after, [.. model.Inputs.Select(input => input.Name), .. plan.Steps.Select(step => step.Name)],
            plan.Steps.Sum(step => step.Inputs.Count));
        Assert.Equal(plan.Steps.Where(step => step.Kind.Contains('+')).Sum(step => step.Kind.Split('+').Length),
            nodes.Sum(node => node.Elements().Count(element => (string?)element.Attribute("class") == "part")));

        // Every step but one of constants reads something that is drawn.
        Assert.All(plan.Steps, step => Assert.NotEmpty(step.Inputs));
    }

    [Fact]
    public void A_step_reads_past_a_concatenation_that_needs_no_step()
    {
        PlanInfo plan = InferenceSession.DescribePlan(ModelZoo.Find("squeezenet")!.Build(seed: 1));
        Assert.DoesNotContain(plan.Steps, step => step.Kind == "Concatenate");
        Assert.Contains(plan.Steps, step => step.Inputs.Count == 2);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 40)]
    [InlineData(3, 40)]
    [InlineData(4, 120)]
    [InlineData(5, 300)]
    public void Random_graphs_have_no_overlapping_boxes_and_edges_that_go_down(int seed, int count)
    {
        var random = new Random(seed);
        GraphNode[] nodes = [.. Enumerable.Range(0, count).Select(i => RandomNode(random, i, 30))];
        XElement[] drawn = Hold(new GraphSvg(nodes).Draw("random"), [.. nodes.Select(node => node.Name)],
            nodes.Sum(node => node.Inputs.Distinct().Count()));
        Assert.Equal(count, drawn.Length);
    }

    [Fact]
    public void A_thousand_nodes_are_laid_out_within_seconds()
    {
        var random = new Random(6);
        GraphNode[] nodes = [.. Enumerable.Range(0, 1000).Select(i => RandomNode(random, i, 30))];
        long start = Stopwatch.GetTimestamp();
        string svg = new GraphSvg(nodes).Draw("large");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"1,000 nodes: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms, {svg.Length} characters");
        Hold(svg, [.. nodes.Select(node => node.Name)], nodes.Sum(node => node.Inputs.Distinct().Count()));
    }

    [Fact]
    public void A_chain_stands_straight()
    {
        GraphNode[] chain = [.. Enumerable.Range(0, 20).Select(i =>
            new GraphNode($"n{i}", ["Conv2D"], "1×1×1", [], i == 0 ? [] : [i - 1], false))];
        var layout = new LayeredLayout([.. chain.Select(_ => (100.0, 40.0))], [.. chain.Select(node => node.Inputs)]);
        Assert.Single(Enumerable.Range(0, 20).Select(i => Math.Round(layout.TopOf(i).X, 6)).Distinct());
    }

    [Fact]
    public void Names_cannot_break_out_of_the_text()
    {
        const string Bad = "</text><script>alert('x')</script>&\"\u0001\uD800";
        GraphNode[] nodes = [new(Bad, [Bad, Bad], Bad, [Bad], [], true)];
        XDocument svg = XDocument.Parse(new GraphSvg(nodes).Draw(Bad));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.StartsWith("</text><script>alert('x')</script>&\"?", (string)Nodes(svg)[0].Attribute("data-name")!,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_holds_both_pictures_and_asks_for_nothing()
    {
        Model model = new Sequential(new Conv2D(4, 3, activation: Activation.ReLU), new Flatten(), new Dense(3), new Softmax())
            .Build(new Shape(8, 8, 1), seed: 1);
        string page = GraphPicture.ToHtml(model, InferenceSession.DescribePlan(model));
        Assert.Equal(3, page.Split("<svg ").Length);
        Assert.Contains("Layers as built", page, StringComparison.Ordinal);
        Assert.Contains("Steps that run", page, StringComparison.Ordinal);
        foreach (string outside in (string[])["src=", "href=", "@import", "fetch(", "https://"])
            Assert.DoesNotContain(outside, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Steps that run", GraphPicture.ToHtml(model), StringComparison.Ordinal);
    }

    private static GraphNode RandomNode(Random random, int index, int reach)
    {
        int[] inputs = index == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => random.Next(Math.Max(0, index - reach), index))];
        string[] parts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => "Kind" + i)];
        return new GraphNode($"node{index}_{new string('n', random.Next(30))}", parts, $"{index}×3", [], inputs, false);
    }

    private static XElement[] Hold(GraphPicture picture, string[] names, int edges)
    {
        XElement[] nodes = Hold(picture.ToSvg(), names, edges);
        Assert.Equal(picture.NodeCount, nodes.Length);
        return nodes;
    }

    private static XElement[] Hold(string svg, string[] names, int edges)
    {
        XDocument document = XDocument.Parse(svg);
        XElement[] nodes = Nodes(document);
        Assert.Equal(names, nodes.Select(node => (string)node.Attribute("data-name")!));
        XElement[] paths = [.. document.Descendants().Where(element => (string?)element.Attribute("class") == "edge")];
        Assert.Equal(edges, paths.Length);
        Assert.All(paths, path => Assert.True((int)path.Attribute("data-from")! < (int)path.Attribute("data-to")!, path.ToString()));
        double width = Number(document.Root!, "width"), height = Number(document.Root!, "height");
        (double X, double Y, double Right, double Bottom)[] boxes = [.. nodes.Select(node => Box(node))];
        for (int i = 0; i < boxes.Length; i++)
        {
            Assert.True(boxes[i].X >= 0 && boxes[i].Y >= 0 && boxes[i].Right <= width && boxes[i].Bottom <= height, names[i]);
            for (int j = 0; j < i; j++)
                Assert.False(boxes[i].X < boxes[j].Right && boxes[j].X < boxes[i].Right && boxes[i].Y < boxes[j].Bottom
                    && boxes[j].Y < boxes[i].Bottom, $"{names[i]} {boxes[i]} lies over {names[j]} {boxes[j]}");
        }

        return nodes;
    }

    private static XElement[] Nodes(XDocument document) =>
        [.. document.Descendants().Where(element => (string?)element.Attribute("class") == "node")];

    private static (double X, double Y, double Right, double Bottom) Box(XElement node)
    {
        XElement box = node.Elements().First(element => (string?)element.Attribute("class") == "box");
        double x = Number(box, "x"), y = Number(box, "y");
        return (x, y, x + Number(box, "width"), y + Number(box, "height"));
    }

    private static double Number(XElement element, string name) =>
        double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);
}
