using System.Globalization;
using System.Net;
using System.Text;

namespace CnnFast.Visualization;

/// <summary>One input's way through a model as a page.</summary>
internal static class PyramidPage
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--faint:#57606a;--paper:#fff;--line:#d0d7de;--card:#eceff2;--good:#1a7f37;--bad:#cf222e}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9da7b1;--paper:#0d1117;--line:#30363d;--good:#3fb950;--bad:#ff7b72}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:66rem;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
        h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:1.5rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .25rem}
        h1,h2,h3{overflow-wrap:anywhere}
        p{margin:.25rem 0}.faint,figcaption{color:var(--faint)}a{color:inherit}
        figure{margin:.5rem 0 1.25rem}
        .scroll{overflow-x:auto;max-width:100%;border:1px solid var(--line);border-radius:6px}
        .scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid #0969da;outline-offset:2px}
        .picture{background:var(--card);padding:.5rem}
        img{display:block;max-width:none;height:auto;image-rendering:pixelated}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        th:first-child,td:first-child,.text{text-align:left}
        .room{width:45%;min-width:8rem;text-align:left}
        .bar{height:.8rem;min-width:1px;background:currentColor}
        .good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
        @media print{.scroll{overflow:visible}}
        """;

    public static string Write(Activations activations, PyramidOptions options, string title)
    {
        IReadOnlyList<Section> sections = PyramidSections.Of(activations, options, options.Width);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
            .Append("<link rel=\"icon\" href=\"data:,\">\n")
            .Append($"<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{Text(title)}</h1>\n");
        foreach (string line in PyramidSections.Head(activations, options))
            html.Append($"<p>{Text(line)}</p>\n");
        html.Append("<nav aria-label=\"Parts of the page\"><p>");
        if (activations.Probabilities.Count > 0)
            html.Append("<a href=\"#classes\">Classes</a> · ");
        html.Append("<a href=\"#pictures\">Pictures</a> · <a href=\"#layers\">Figures of the layers</a></p></nav>\n");
        if (activations.Probabilities.Count > 0)
            WriteClasses(html, ClassBar.Of(activations, options.Label));
        html.Append("<section id=\"pictures\"><h2>Pictures</h2>\n");
        foreach (Section section in sections.Where(section => section.Title != "classes"))
            WriteSection(html, section);
        html.Append("</section>\n<section id=\"layers\"><h2>Figures of the layers</h2>\n");
        WriteLayers(html, "What the layers computed", [activations.Input, .. activations.Layers]);
        if (options.LayerGradients && options.Gradients is { } gradients)
            WriteLayers(html, "The gradients of the loss", [.. gradients.Layers, gradients.Output]);
        return html.Append("</section>\n</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteClasses(StringBuilder html, IReadOnlyList<ClassBar> bars)
    {
        html.Append("<section id=\"classes\"><h2>Classes</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" ")
            .Append("aria-label=\"Table of classes\"><table>\n<tr><th scope=\"col\">class</th><th scope=\"col\" class=\"text\">remark</th>")
            .Append("<th scope=\"col\">probability</th><th scope=\"col\">number</th>")
            .Append("<td class=\"room\"></td></tr>\n");
        foreach (ClassBar bar in bars)
        {
            string kind = bar.Color == Rgb.Green ? "good" : bar.Color == Rgb.Red ? "bad" : "";
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Text(bar.Name)}</td><td class=\"text {kind}\">{Text(bar.Mark)}</td>" +
                $"<td>{ClassBar.Percent(bar.Probability)}</td><td>{bar.Index}</td><td class=\"room\" aria-hidden=\"true\">" +
                $"<div class=\"bar {kind}\" style=\"width:{bar.Share * 100:0.0}%\"></div></td></tr>\n");
        }

        html.Append("</table></div>\n</section>\n");
    }

    private static void WriteSection(StringBuilder html, Section section)
    {
        string title = Text(section.Title);
        string facts = Text(section.Facts);
        html.Append(CultureInfo.InvariantCulture,
            $"<figure><figcaption><h3>{title}</h3><p>{facts}</p></figcaption>\n" +
            $"<div class=\"scroll picture\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">" +
            $"<img width=\"{section.Body.Width}\" height=\"{section.Body.Height}\" alt=\"{title}: {facts}\" " +
            $"src=\"{section.Body.ToDataUri()}\"></div></figure>\n");
    }

    private static void WriteLayers(StringBuilder html, string caption, IReadOnlyList<LayerValues> layers)
    {
        html.Append($"<h3>{Text(caption)}</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(caption)}\">")
            .Append("<table>\n<tr><th scope=\"col\">layer</th><th scope=\"col\" class=\"text\">kind</th><th scope=\"col\">shape</th>")
            .Append("<th scope=\"col\">least</th><th scope=\"col\">mean</th><th scope=\"col\">largest</th>")
            .Append("<th scope=\"col\">zeros</th></tr>\n");
        foreach (LayerValues layer in layers)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><td>{Text(layer.Name)}</td><td class=\"text\">{Text(layer.Kind)}</td><td>{Text(layer.Shape.ToString())}</td>" +
                $"<td>{layer.Minimum:G6}</td><td>{layer.Mean:G6}</td><td>{layer.Maximum:G6}</td>" +
                $"<td>{layer.ZeroShare * 100:0.0} %</td></tr>\n");
        }

        html.Append("</table></div>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
