using System.Globalization;

namespace CnnFast.Visualization;

/// <summary>The values of a layer without maps as a row of blocks, with numbers where there is room.</summary>
internal static class Strip
{
    public const int MaxUnits = 4096;

    private const int NumberedUnits = 16;
    private const int NumberedWidth = 7 * BitmapFont.Width;
    private const int UnitWidth = 64;

    public static Picture Draw(ReadOnlySpan<float> values, IReadOnlyList<int> units, ColorScale scale, int width)
    {
        bool numbered = units.Count <= NumberedUnits;
        int perRow = Math.Min(units.Count, Math.Max(1, Math.Min(128, numbered ? width / NumberedWidth : width)));
        int rows = (units.Count + perRow - 1) / perRow;
        perRow = numbered ? (units.Count + rows - 1) / rows : perRow;
        int unit = Math.Min(UnitWidth, width / perRow);
        int block = rows > 1 && !numbered ? 10 : 24;
        int rowHeight = block + (numbered ? 2 * BitmapFont.Height : 0) + 1;
        Picture picture = Drawing.Blank(perRow * unit, rows * rowHeight, Rgb.Paper);
        for (int i = 0; i < units.Count; i++)
        {
            (int row, int column) = Math.DivRem(i, perRow);
            float value = values[units[i]];
            int y = row * rowHeight;
            picture.Fill(column * unit, y, unit, block, Rgb.Line);
            picture.Fill(column * unit, y, Math.Max(1, unit - 1), block, scale.Color(value));
            if (!numbered)
                continue;
            BitmapFont.Draw(picture, column * unit, y + block, units[i].ToString(CultureInfo.InvariantCulture), Rgb.Faint);
            BitmapFont.Draw(picture, column * unit, y + block + BitmapFont.Height, Short(value, unit), Rgb.Ink);
        }

        return picture;
    }

    /// <summary>A value in at most a column less than there are.</summary>
    public static string Short(float value, int width)
    {
        string text = value.ToString("G3", CultureInfo.InvariantCulture);
        return text.Length <= (width / BitmapFont.Width) - 1 ? text : value.ToString("0.E0", CultureInfo.InvariantCulture);
    }
}
