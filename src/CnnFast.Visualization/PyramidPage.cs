using System.Globalization;
using System.Net;
using System.Text;

namespace CnnFast.Visualization;

/// <summary>One input's way through a model as a page.</summary>
internal static class PyramidPage
{
    // The pictures of phones; they stand in a screen of 360 pixels.
    private const int NarrowWidth = 320;

    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--faint:#57606a;--paper:#fff;--line:#d0d7de;--card:#eceff2;--good:#1a7f37;--bad:#cf222e}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9da7b1;--paper:#0d1117;--line:#30363d;--good:#3fb950;--bad:#ff7b72}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:66rem;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
        h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:1.5rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .25rem}
        main{overflow-wrap:anywhere}h3{color:var(--ink)}
        p{margin:.25rem 0}figcaption,caption{color:var(--faint)}a{color:inherit}
        figure{margin:.5rem 0 1.25rem}
        .scroll{overflow-x:auto;max-width:100%;border:1px solid var(--line);border-radius:6px}
        .scroll:focus-visible,a:focus-visible{outline:3px solid #0969da;outline-offset:2px}
        .picture{background:var(--card);padding:.5rem}
        img{display:block;max-width:none;height:auto;image-rendering:pixelated}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        caption{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
        th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        tbody th{font-weight:400}.figures th:first-child{position:sticky;left:0;background:var(--paper)}
        tbody tr:last-child>*{border-bottom:0}
        th:first-child,.text{text-align:left}
        .room{width:45%;min-width:4rem}
        .bar{height:.8rem;min-width:1px;background:currentColor}
        .good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
        @media (max-width:40rem){
        body{padding:.75rem}.picture{padding:.25rem}th,td{padding:.25rem .4rem}
        .classes th,.classes td{white-space:normal;overflow-wrap:break-word}.named tbody th{overflow-wrap:anywhere}
        .classes:not(.named) tbody th{white-space:nowrap}.room{width:25%}
        }
        @media print{.scroll{overflow:visible}}
        """;

    public static string Write(Activations activations, PyramidOptions options, string title)
    {
        IReadOnlyList<Section> sections = PyramidSections.Of(activations, options);
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n")
            .Append("<link rel=\"icon\" href=\"data:,\">\n")
            .Append($"<title>{Text(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{Text(title)}</h1>\n");
        foreach (string line in PyramidSections.Head(activations, options))
            html.Append($"<p>{Text(line)}</p>\n");
        html.Append("<nav aria-label=\"Parts of the page\"><p>");
        if (activations.Probabilities.Count > 0)
            html.Append("<a href=\"#classes\">Classes</a> · ");
        html.Append("<a href=\"#pictures\">Pictures</a> · <a href=\"#layers\">Figures of the layers</a></p></nav>\n");
        if (activations.Probabilities.Count > 0)
            WriteClasses(html, ClassBar.Of(activations, options.Label, options.ClassIndex), activations.Model.ClassNames is not null);
        html.Append("<section id=\"pictures\"><h2>Pictures</h2>\n");
        foreach (Section section in sections.Where(section => section.Title != "classes"))
            WriteSection(html, section, options.Width);
        html.Append("</section>\n<section id=\"layers\"><h2>Figures of the layers</h2>\n");
        WriteLayers(html, "What the layers computed", [activations.Input, .. activations.Layers]);
        if (options.LayerGradients && options.Gradients is { } gradients)
            WriteLayers(html, "The gradients of the loss", [.. gradients.Layers, gradients.Output]);
        return html.Append("</section>\n</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteClasses(StringBuilder html, IReadOnlyList<ClassBar> bars, bool areNamed)
    {
        html.Append("<section id=\"classes\"><h2>Classes</h2>\n");
        BeginTable(html, areNamed ? "classes named" : "classes", "Table of classes", "The probability of each class that is shown");
        html.Append("<th scope=\"col\">class</th><th scope=\"col\" class=\"text\">remark</th>")
            .Append(areNamed ? "<th scope=\"col\">number</th>" : "")
            .Append("<th scope=\"col\">probability</th><td class=\"room\"></td></tr></thead>\n<tbody>\n");
        foreach (ClassBar bar in bars)
        {
            string kind = bar.Color == Rgb.Green ? "good" : bar.Color == Rgb.Red ? "bad" : "";
            html.Append($"<tr><th scope=\"row\">{Text(bar.Name)}</th><td class=\"text {kind}\">{Text(bar.Mark)}</td>");
            if (areNamed)
                html.Append(CultureInfo.InvariantCulture, $"<td>{bar.Index}</td>");
            html.Append(CultureInfo.InvariantCulture,
                $"<td data-value=\"{bar.Probability:R}\">{ClassBar.Percent(bar.Probability)}</td><td class=\"room\" aria-hidden=\"true\">" +
                $"<div class=\"bar {kind}\" style=\"width:{bar.Share * 100:0.0}%\"></div></td></tr>\n");
        }

        html.Append("</tbody></table></div>\n</section>\n");
    }

    private static void WriteSection(StringBuilder html, Section section, int width)
    {
        string title = Text(section.Title);
        string facts = Text(section.Facts);
        Picture wide = section.Draw(width), narrow = section.Draw(Math.Min(width, NarrowWidth));
        html.Append(CultureInfo.InvariantCulture,
            $"<figure><figcaption><h3>{title}</h3><p>{facts}</p></figcaption>\n" +
            $"<div class=\"scroll picture\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\"><picture>" +
            $"<source media=\"(max-width:40rem)\" width=\"{narrow.Width}\" height=\"{narrow.Height}\" srcset=\"{narrow.ToDataUri()}\">" +
            $"<img width=\"{wide.Width}\" height=\"{wide.Height}\" alt=\"{title}: {facts}\" " +
            $"src=\"{wide.ToDataUri()}\"></picture></div></figure>\n");
    }

    private static void WriteLayers(StringBuilder html, string caption, IReadOnlyList<LayerValues> layers)
    {
        BeginTable(html, "figures", caption, caption);
        html.Append("<th scope=\"col\">layer</th><th scope=\"col\" class=\"text\">kind</th><th scope=\"col\">shape</th>")
            .Append("<th scope=\"col\">least</th><th scope=\"col\">mean</th><th scope=\"col\">largest</th>")
            .Append("<th scope=\"col\">zeros</th></tr></thead>\n<tbody>\n");
        foreach (LayerValues layer in layers)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\">{Text(layer.Name)}</th><td class=\"text\">{Text(layer.Kind)}</td>" +
                $"<td>{Text(layer.Shape.ToString())}</td><td data-value=\"{layer.Minimum:R}\">{layer.Minimum:G6}</td>" +
                $"<td data-value=\"{layer.Mean:R}\">{layer.Mean:G6}</td><td data-value=\"{layer.Maximum:R}\">{layer.Maximum:G6}</td>" +
                $"<td data-value=\"{layer.ZeroShare:R}\">{layer.ZeroShare * 100:0.0} %</td></tr>\n");
        }

        html.Append("</tbody></table></div>\n");
    }

    private static void BeginTable(StringBuilder html, string kind, string label, string caption) => html
        .Append($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(label)}\"><table class=\"{kind}\">\n")
        .Append($"<caption>{Text(caption)}</caption>\n<thead><tr>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
