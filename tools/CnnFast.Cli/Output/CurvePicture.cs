using System.Globalization;
using System.Text;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>Draws the curve of a learning-rate range test as SVG.</summary>
internal static class CurvePicture
{
    private const int Width = 720;
    private const int Height = 420;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 40;
    private const int Bottom = 55;
    private const int Lines = 5;

    /// <summary>The picture: loss and smoothed loss over the learning rate, whose axis is logarithmic.</summary>
    public static string Draw(LearningRateCurve curve)
    {
        IReadOnlyList<LearningRatePoint> points = curve.Points;
        double first = Math.Log10(points[0].LearningRate), last = Math.Max(Math.Log10(points[^1].LearningRate), first + 1e-6);

        // What rises far above the start says nothing more.
        double low = points.Min(point => Math.Min(point.Loss, point.SmoothedLoss)), high = points.Max(point => point.SmoothedLoss);
        high = Math.Max(high, low + 1e-6);
        double X(double rate) => Left + ((Math.Log10(rate) - first) / (last - first) * (Width - Left - Right));
        double Y(double loss) => Top + ((high - Math.Min(loss, high)) / (high - low) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" ")
            .Append("font-family=\"sans-serif\" font-size=\"12\">\n<title>Learning-rate range test</title>\n")
            .Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        for (int decade = (int)Math.Ceiling(first - 1e-4); decade <= last + 1e-4; decade++)
        {
            double x = X(Math.Pow(10, decade));
            Line(svg, x, Top, x, Height - Bottom, "#ddd");
            Text(svg, x, Height - Bottom + 18, "middle", string.Create(CultureInfo.InvariantCulture, $"1e{decade}"));
        }

        for (int i = 0; i <= Lines; i++)
        {
            double loss = low + ((high - low) * i / Lines), y = Y(loss);
            Line(svg, Left, y, Width - Right, y, "#ddd");
            Text(svg, Left - 8, y + 4, "end", loss.ToString("G3", CultureInfo.InvariantCulture));
        }

        Curve(svg, points.Select(point => (X(point.LearningRate), Y(point.Loss))), "#bbb", 1);
        Curve(svg, points.Select(point => (X(point.LearningRate), Y(point.SmoothedLoss))), "#1f5fbf", 2);
        if (curve.Suggestion is { } suggestion)
        {
            Line(svg, X(suggestion), Top, X(suggestion), Height - Bottom, "#c0392b");
            Text(svg, X(suggestion), Top - 8, "middle", string.Create(CultureInfo.InvariantCulture, $"suggestion {suggestion:G2}"));
        }

        Text(svg, Left + ((Width - Left - Right) / 2), Height - 12, "middle", "learning rate");
        Text(svg, 10, Top - 20, "start", "loss (blue: smoothed)");
        return svg.Append("</svg>\n").ToString();
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour) => svg.Append(
        CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{colour}\"/>\n");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\">{text}</text>\n");

    private static void Curve(StringBuilder svg, IEnumerable<(double X, double Y)> points, string colour, int width)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" points=\"");
        foreach ((double x, double y) in points)
            svg.Append(CultureInfo.InvariantCulture, $"{x:0.##},{y:0.##} ");
        svg.Append("\"/>\n");
    }
}
