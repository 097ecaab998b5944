namespace CnnFast.Visualization;

/// <summary>Pictures and pages of what a model computes.</summary>
public static class Pictures
{
    private const int Margin = 16;
    private const int Space = 14;

    /// <summary>
    /// One input's way through a model as a picture: the input, the maps of every layer, dense layers as strips, and the bar of
    /// classes.
    /// </summary>
    /// <param name="activations">What the layers computed.</param>
    /// <param name="options">What is shown besides; null for the defaults.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the picture would have more than
    /// <see cref="Picture.MaxPixels"/>.</exception>
    public static Picture Pyramid(Activations activations, PyramidOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(activations);
        options ??= new PyramidOptions();
        int room = options.Width - (2 * Margin);
        IReadOnlyList<Section> sections = PyramidSections.Of(activations, options);
        Picture[] bodies = [.. sections.Select(section => section.Draw(room))];
        string[] head = [.. PyramidSections.Head(activations, options).SelectMany(line => Lines(line, room))];
        string[][] facts = [.. sections.Select(section => Lines(section.Facts, room))];
        long height = (2 * Margin) + ((head.Length + 1) * BitmapFont.Height) + Space;
        for (int i = 0; i < facts.Length; i++)
            height += ((facts[i].Length + 1) * BitmapFont.Height) + 4 + bodies[i].Height + Space;
        if (height * options.Width > Picture.MaxPixels)
            throw new ArgumentException($"Pictures.Pyramid: the picture would have {options.Width}×{height} pixels; expected at most " +
                $"{Picture.MaxPixels}: fewer layers, fewer channels or less width.", nameof(options));

        Picture picture = Drawing.Blank(options.Width, (int)height, Rgb.Paper);
        int y = Margin;
        Title(picture, y, TitleOf(activations, options));
        y = Text(picture, y + BitmapFont.Height, head) + Space;
        for (int i = 0; i < facts.Length; i++)
        {
            Title(picture, y, BitmapFont.Ascii(sections[i].Title));
            y = Text(picture, y + BitmapFont.Height, facts[i]) + 4;
            picture.Draw(Margin, y, bodies[i]);
            y += bodies[i].Height + Space;
        }

        return picture;
    }

    /// <summary>The same as one page in HTML that loads nothing: with the figures in tables, for light and dark.</summary>
    /// <param name="activations">What the layers computed.</param>
    /// <param name="options">What is shown besides; null for the defaults.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static string Page(Activations activations, PyramidOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(activations);
        options ??= new PyramidOptions();
        return PyramidPage.Write(activations, options, TitleOf(activations, options));
    }

    private static string TitleOf(Activations activations, PyramidOptions options) =>
        options.Title ?? activations.Model.Name ?? "Activations of a model";

    private static string[] Lines(string text, int width) => [.. BitmapFont.Lines(BitmapFont.Ascii(text), width / BitmapFont.Width)];

    private static void Title(Picture picture, int y, string text)
    {
        text = BitmapFont.Cut(BitmapFont.Ascii(text), (picture.Width - (2 * Margin)) / BitmapFont.Width);
        BitmapFont.Draw(picture, Margin, y, text, Rgb.Ink);
    }

    private static int Text(Picture picture, int y, string[] lines)
    {
        foreach (string line in lines)
        {
            BitmapFont.Draw(picture, Margin, y, line, Rgb.Faint);
            y += BitmapFont.Height;
        }

        return y;
    }
}
