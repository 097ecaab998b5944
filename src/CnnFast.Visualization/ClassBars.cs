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
    private const int PercentLength = 10;
    private const int LeastRoom = 120;

    /// <summary>The length of the bar, 0 to 1.</summary>
    public float Share => float.IsNaN(Probability) ? 0 : Math.Clamp(Probability, 0, 1);

    /// <summary>The likeliest classes, the right one and the one that was asked for; where there are few, all in their order.</summary>
    public static IReadOnlyList<ClassBar> Of(Activations activations, int? label, int? asked = null)
    {
        int? predicted = activations.Predicted;
        IEnumerable<int> order = Enumerable.Range(0, activations.Probabilities.Count);
        if (activations.Probabilities.Count > Shown + 2)
        {
            int[] best = [.. order.OrderByDescending(index => activations.Probabilities[index]).Take(Shown)];
            order = best.Union(new[] { label, asked }.OfType<int>());
        }

        return [.. order.Select(index => Bar(activations, index, predicted, label, asked))];
    }

    /// <summary>Draws them: a line each, or two where a bar would have too little room.</summary>
    public static Picture Draw(IReadOnlyList<ClassBar> bars, int width)
    {
        const int lineHeight = BitmapFont.Height + 4;
        int names = Math.Min(NameLength, bars.Max(bar => bar.Name.Length)) * BitmapFont.Width;
        int start = names + (PercentLength * BitmapFont.Width);
        int marks = (bars.Max(bar => bar.Mark.Length) + 1) * BitmapFont.Width;
        int lines = width - start - marks < LeastRoom ? 2 : 1;
        start = lines == 2 ? 0 : start;
        Picture picture = Drawing.Blank(width, bars.Count * lines * lineHeight, Rgb.Paper);
        for (int i = 0; i < bars.Count; i++)
        {
            ClassBar bar = bars[i];
            int y = i * lines * lineHeight;
            int length = Math.Max(1, (int)MathF.Round((width - start - marks) * bar.Share));
            BitmapFont.Draw(picture, 0, y, BitmapFont.Cut(BitmapFont.Ascii(bar.Name), NameLength), Rgb.Ink);
            BitmapFont.Draw(picture, names, y, Percent(bar.Probability).PadLeft(PercentLength - 1), Rgb.Ink);
            y += (lines - 1) * BitmapFont.Height;
            picture.Fill(start, y + 2, length, BitmapFont.Height - 4, bar.Color);
            BitmapFont.Draw(picture, start + length + BitmapFont.Width, y, bar.Mark, bar.Color);
        }

        return picture;
    }

    public static string Percent(float probability) => (probability * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static ClassBar Bar(Activations activations, int index, int? predicted, int? label, int? asked)
    {
        (string mark, Rgb color) = (index == predicted, index == label) switch
        {
            (true, true) => ("right, as guessed", Rgb.Green),
            (false, true) => ("right class", Rgb.Green),
            (true, false) when label is not null => ("wrong guess", Rgb.Red),
            (true, false) => ("guess", Rgb.Blue),
            _ when index == asked => ("asked for", Rgb.Faint),
            _ => ("", Rgb.Faint),
        };
        return new ClassBar(index, activations.ClassName(index), activations.Probabilities[index], mark, color);
    }
}
