using System.Globalization;
using System.Net;
using System.Text;

namespace CnnFast.Visualization.Graphs;

/// <summary>Draws a graph as SVG: a box for each node, what was merged in boxes inside, the shape where an edge starts.</summary>
internal sealed class GraphSvg
{
    private const double Margin = 16;
    private const double Padding = 10;
    private const double LineHeight = 15;
    private const double PartHeight = 20;
    private const double LetterWidth = 6.6;
    private const double BoldWidth = 7.4;
    private const double StemHeight = 16;
    private const int MaxLetters = 30;

    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly (double Width, double Height)[] _sizes;
    private readonly LayeredLayout _layout;

    /// <summary>Lays the graph out.</summary>
    public GraphSvg(IReadOnlyList<GraphNode> nodes)
    {
        _nodes = nodes;
        _sizes = [.. nodes.Select(SizeOf)];
        _layout = new LayeredLayout(_sizes, [.. nodes.Select(node => node.Inputs)]);
    }

    /// <summary>Columns of the drawing.</summary>
    public double Width => _layout.Width + (2 * Margin);

    /// <summary>Rows of the drawing; the last box leaves room for its shape.</summary>
    public double Height => _layout.Height + (2 * Margin) + LineHeight;

    /// <summary>The drawing.</summary>
    /// <param name="title">What a reader of the screen hears.</param>
    public string Draw(string title)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width:0.#} {Height:0.#}\" ")
            .Append(CultureInfo.InvariantCulture, $"width=\"{Width:0.#}\" height=\"{Height:0.#}\" role=\"list\" ")
            .Append("font-family=\"system-ui, sans-serif\" font-size=\"12\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Escaped(title)}</title>\n")
            .Append("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" ")
            .Append("markerHeight=\"7\" orient=\"auto\">")
            .Append("<path d=\"M0 0L8 4L0 8z\" fill=\"#64748b\"/></marker></defs>\n")
            .Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<g fill=\"none\" stroke=\"#64748b\" stroke-width=\"1.4\">\n");
        for (int node = 0; node < _nodes.Count; node++)
        {
            foreach (int input in _nodes[node].Inputs.Distinct())
                Edge(svg, input, node);
        }

        svg.Append("</g>\n");
        for (int node = 0; node < _nodes.Count; node++)
            Node(svg, node);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Text as XML holds it; what XML forbids becomes a question mark.</summary>
    public static string Escaped(string text) => WebUtility.HtmlEncode(string.Concat(text.Select((letter, i) =>
        letter < ' ' || letter is '\uFFFE' or '\uFFFF' || (char.IsSurrogate(letter) && !IsPaired(text, i)) ? '?' : letter)));

    private static bool IsPaired(string text, int i) =>
        (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
        || (char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]));

    private static (double Width, double Height) SizeOf(GraphNode node)
    {
        double letters = Math.Max(Math.Min(node.Name.Length, MaxLetters) * LetterWidth,
            node.Parts.Max(part => Math.Min(part.Length, MaxLetters)) * BoldWidth);

        // The shape stands right of the middle, below the box.
        double width = Math.Max(letters + ((node.Parts.Count > 1 ? 4 : 3) * Padding), (node.Shape.Length + 2) * LetterWidth * 2);
        double parts = node.Parts.Count == 1 ? LineHeight + 4 : (PartHeight + 3) * node.Parts.Count;
        return (width, LineHeight + parts + Padding);
    }

    private static string Colour(string kind) => kind switch
    {
        _ when kind.Contains("Conv", StringComparison.Ordinal) => "#bfdbfe",
        _ when kind.Contains("Pool", StringComparison.Ordinal) => "#bbf7d0",
        _ when kind.Contains("Norm", StringComparison.Ordinal) => "#e9d5ff",
        "Dense" or "MatMul" or "Gemm" => "#fde68a",
        "Add" or "Multiply" or "Concatenate" or "Concat" => "#fecdd3",
        "Input" => "#e2e8f0",
        "ReLU6" or "Softmax" or "Sigmoid" or "Tanh" or "HardSwish" or "HardSigmoid" or "Mish" => "#fed7aa",
        _ when kind.EndsWith("LU", StringComparison.Ordinal) => "#fed7aa",
        _ => "#f1f5f9",
    };

    private static string Shortened(string text)
    {
        if (text.Length <= MaxLetters)
            return text;
        int half = (MaxLetters - 1) / 2;
        int start = MaxLetters - 1 - half, end = text.Length - half;

        // No letter of two halves is cut.
        start -= char.IsHighSurrogate(text[start - 1]) ? 1 : 0;
        end += char.IsLowSurrogate(text[end]) ? 1 : 0;
        return string.Concat(text.AsSpan(0, start), "…", text.AsSpan(end));
    }

    private void Node(StringBuilder svg, int index)
    {
        GraphNode node = _nodes[index];
        (double width, double height) = _sizes[index];
        (double x, double top) = _layout.TopOf(index);
        (double left, double y) = (x - (width / 2) + Margin, top + Margin);
        bool merged = node.Parts.Count > 1;
        string tip = string.Join("&#10;", ((string[])[node.Name, .. node.Parts, node.Shape, .. node.Details]).Select(Escaped));
        svg.Append(CultureInfo.InvariantCulture, $"<g class=\"node\" role=\"listitem\" data-name=\"{Escaped(node.Name)}\" ")
            .Append(CultureInfo.InvariantCulture, $"data-kind=\"{Escaped(string.Join('+', node.Parts))}\"><title>{tip}</title>")
            .Append(CultureInfo.InvariantCulture, $"<rect class=\"box\" x=\"{left:0.#}\" y=\"{y:0.#}\" ")
            .Append(CultureInfo.InvariantCulture, $"width=\"{width:0.#}\" height=\"{height:0.#}\" ")
            .Append(CultureInfo.InvariantCulture, $"rx=\"6\" fill=\"{(merged ? "#f8fafc" : Colour(node.Parts[0]))}\" ")
            .Append(CultureInfo.InvariantCulture, $"stroke=\"{(node.IsEnd ? "#0f172a" : "#64748b")}\" ")
            .Append(CultureInfo.InvariantCulture, $"stroke-width=\"{(node.IsEnd ? 2 : 1)}\"/>");
        double line = y + LineHeight + 1;
        if (!merged)
        {
            Text(svg, x + Margin, line, node.Parts[0], "font-weight=\"600\" fill=\"#0f172a\"");
            Text(svg, x + Margin, line + LineHeight + 2, node.Name, "font-size=\"11\" fill=\"#334155\"");
        }
        else
        {
            Text(svg, x + Margin, line, node.Name, "font-size=\"11\" fill=\"#334155\"");
            double part = line + 6;
            foreach (string kind in node.Parts)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"part\" x=\"{left + Padding:0.#}\" y=\"{part:0.#}\" ")
                    .Append(CultureInfo.InvariantCulture, $"width=\"{width - (2 * Padding):0.#}\" height=\"{PartHeight:0.#}\" rx=\"4\" ")
                    .Append(CultureInfo.InvariantCulture, $"fill=\"{Colour(kind)}\" stroke=\"#94a3b8\"/>");
                Text(svg, x + Margin, part + 14, kind, "font-weight=\"600\" fill=\"#0f172a\"");
                part += PartHeight + 3;
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + Margin + 6:0.#}\" y=\"{y + height + 13:0.#}\" font-size=\"11\" ")
            .Append("fill=\"#475569\">").Append(CultureInfo.InvariantCulture, $"{Escaped(node.Shape)}</text></g>\n");
    }

    private static void Text(StringBuilder svg, double x, double y, string text, string style) => svg.Append(CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"middle\" {style}>{Escaped(Shortened(text))}</text>");

    // Straight down the lanes, and in an S between them.
    private void Edge(StringBuilder svg, int source, int target)
    {
        IReadOnlyList<(double X, double Y)> points = _layout.Route(source, target);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"edge\" data-from=\"{source}\" data-to=\"{target}\" ")
            .Append("marker-end=\"url(#tip)\" ")
            .Append(CultureInfo.InvariantCulture, $"d=\"M{points[0].X + Margin:0.#} {points[0].Y + Margin:0.#}");
        for (int i = 1; i < points.Count; i++)
        {
            (double x, double y) = points[i];
            (double fromX, double fromY) = points[i - 1];
            if (i == 1)
            {
                // The shape stands beside this part.
                fromY += StemHeight;
                svg.Append(CultureInfo.InvariantCulture, $"V{fromY + Margin:0.#}");
            }

            double middle = (fromY + y) / 2;
            if (Math.Abs(fromX - x) < 0.05)
                svg.Append(CultureInfo.InvariantCulture, $"V{y + Margin:0.#}");
            else
                svg.Append(CultureInfo.InvariantCulture, $"C{fromX + Margin:0.#} {middle + Margin:0.#} ")
                    .Append(CultureInfo.InvariantCulture, $"{x + Margin:0.#} {middle + Margin:0.#} ")
                    .Append(CultureInfo.InvariantCulture, $"{x + Margin:0.#} {y + Margin:0.#}");
        }

        svg.Append("\"/>\n");
    }
}
