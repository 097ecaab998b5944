using CnnFast.Visualization.Graphs;

namespace CnnFast.Visualization;

/// <summary>
/// A model's graph as a picture: a box for each layer, or for each step that a session runs, with the layers that were merged into it, and
/// the shape of one sample where an edge starts. Immutable.
/// </summary>
/// <example>
/// <code>
/// File.WriteAllText("model.svg", GraphPicture.Of(model).ToSvg());
/// File.WriteAllText("model.html", GraphPicture.ToHtml(model, InferenceSession.DescribePlan(model)));
/// </code>
/// </example>
public sealed class GraphPicture
{
    private readonly string _title;
    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly GraphSvg _svg;

    private GraphPicture(string title, IReadOnlyList<GraphNode> nodes)
    {
        _title = title;
        _nodes = nodes;
        _svg = new GraphSvg(nodes);
    }

    /// <summary>The boxes.</summary>
    public int NodeCount => _nodes.Count;

    /// <summary>Columns of the picture, in pixels.</summary>
    public int Width => (int)Math.Ceiling(_svg.Width);

    /// <summary>Rows of the picture, in pixels.</summary>
    public int Height => (int)Math.Ceiling(_svg.Height);

    /// <summary>The layers of a model, as it was built or read.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The picture.</returns>
    public static GraphPicture Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var nodes = new List<GraphNode>();
        foreach (LayerInfo layer in model.Layers)
        {
            List<string> details = [];
            if (layer.ParameterCount > 0)
                details.Add(FormattableString.Invariant($"{layer.ParameterCount:N0} parameters"));
            if (layer.MultiplyAdds > 0)
                details.Add(FormattableString.Invariant($"{layer.MultiplyAdds:N0} multiply-adds"));
            Add(nodes, places, new GraphNode(layer.Name, [layer.Kind], ShapeOf(layer.OutputShape), details, Places(places, layer.Inputs),
                layer.IsOutput || layer.Kind == "Input"));
        }

        return new GraphPicture($"{NameOf(model)}: {nodes.Count} layers", nodes);
    }

    /// <summary>The steps that a session runs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">What <see cref="InferenceSession.DescribePlan(Model, SessionOptions)"/> says of it.</param>
    /// <returns>The picture.</returns>
    public static GraphPicture Of(Model model, PlanInfo plan)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var nodes = new List<GraphNode>();
        foreach (TensorInfo input in model.Inputs)
            Add(nodes, places, new GraphNode(input.Name, ["Input"], ShapeOf(input.Shape), [], [], IsEnd: true));
        foreach (PlanStepInfo step in plan.Steps)
        {
            List<string> details = [$"in {step.Place}"];
            if (step.Kernel is { } kernel)
                details.Insert(0, kernel);
            Add(nodes, places, new GraphNode(step.Name, step.Kind.Split('+'), ShapeOf(step.OutputShape), details,
                Places(places, step.Inputs), step.Place.StartsWith("output", StringComparison.Ordinal)));
        }

        return new GraphPicture($"{NameOf(model)}: {plan.Steps.Count} steps", nodes);
    }

    /// <summary>A page without network access that shows the layers, and the steps beside them, with zoom and search.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plan">How a session runs it; null for the layers alone.</param>
    /// <returns>The page.</returns>
    public static string ToHtml(Model model, PlanInfo? plan = null)
    {
        GraphPicture[] pictures = plan is null ? [Of(model)] : [Of(model), Of(model, plan)];
        return GraphPage.Write(NameOf(model), [.. pictures.Select(picture => (picture._title, picture.ToSvg()))]);
    }

    /// <summary>The picture as SVG.</summary>
    /// <returns>The text of the file.</returns>
    public string ToSvg() => _svg.Draw(_title);

    private static string NameOf(Model model) => string.IsNullOrEmpty(model.Name) ? "Model" : model.Name;

    // A step may only copy what another of the same name computed.
    private static void Add(List<GraphNode> nodes, Dictionary<string, int> places, GraphNode node)
    {
        places.TryAdd(node.Name, nodes.Count);
        nodes.Add(node);
    }

    private static int[] Places(Dictionary<string, int> places, IReadOnlyList<string> names) =>
        [.. names.Where(places.ContainsKey).Select(name => places[name])];

    private static string ShapeOf(Shape shape) => string.Join('×', shape.Dimensions.ToArray());
}
