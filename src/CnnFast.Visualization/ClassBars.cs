using System.Globalization;

namespace CnnFast.Visualization;

/// <summary>One line of the bar of classes.</summary>
/// <param name="Index">The class.</param>
/// <param name="Name">Its name.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Mark">What is said beside it: the right class, a wrong guess.</param>
/// <param name="Color">The colour of its bar.</param>
internal sealed record ClassBar(int Index, string Name, float Probability, string Mark, Rgb Color)
{
    private const int Shown = 10;
    private const int NameLength = 24;
    private const int MarkLength = 22;

    /// <summary>The length of the bar, 0 to 1.</summary>
    public float Share => float.IsNaN(Probability) ? 0 : Math.Clamp(Probability, 0, 1);

    /// <summary>The likeliest classes, and the right one; where there are few, all in their order.</summary>
    public static IReadOnlyList<ClassBar> Of(Activations activations, int? label)
    {
        int? predicted = activations.Predicted;
        IEnumerable<int> order = Enumerable.Range(0, activations.Probabilities.Count);
        if (activations.Probabilities.Count > Shown + 2)
        {
            int[] best = [.. order.OrderByDescending(index => activations.Probabilities[index]).Take(Shown)];
            order = label is { } right && !best.Contains(right) ? best.Append(right) : best;
        }

        return [.. order.Select(index => Bar(activations, index, predicted, label))];
    }

    public static Picture Draw(IReadOnlyList<ClassBar> bars, int width)
    {
        const int rowHeight = BitmapFont.Height + 4;
        int names = Math.Min(NameLength, bars.Max(bar => bar.Name.Length)) * BitmapFont.Width;
        int start = names + (10 * BitmapFont.Width);
        int room = Math.Max(1, width - start - (MarkLength * BitmapFont.Width));
        Picture picture = Drawing.Blank(width, bars.Count * rowHeight, Rgb.Paper);
        for (int i = 0; i < bars.Count; i++)
        {
            ClassBar bar = bars[i];
            int y = i * rowHeight;
            int length = Math.Max(1, (int)MathF.Round(room * bar.Share));
            BitmapFont.Draw(picture, 0, y, BitmapFont.Cut(BitmapFont.Ascii(bar.Name), NameLength), Rgb.Ink);
            BitmapFont.Draw(picture, names, y, Percent(bar.Probability).PadLeft(9), Rgb.Ink);
            picture.Fill(start, y + 2, length, BitmapFont.Height - 4, bar.Color);
            BitmapFont.Draw(picture, start + length + BitmapFont.Width, y, bar.Mark, bar.Color);
        }

        return picture;
    }

    public static string Percent(float probability) => (probability * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static ClassBar Bar(Activations activations, int index, int? predicted, int? label)
    {
        (string mark, Rgb color) = (index == predicted, index == label) switch
        {
            (true, true) => ("right, as guessed", Rgb.Green),
            (false, true) => ("right class", Rgb.Green),
            (true, false) when label is not null => ("wrong guess", Rgb.Red),
            (true, false) => ("guess", Rgb.Blue),
            _ => ("", Rgb.Faint),
        };
        return new ClassBar(index, activations.ClassName(index), activations.Probabilities[index], mark, color);
    }
}
