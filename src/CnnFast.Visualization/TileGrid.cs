namespace CnnFast.Visualization;

/// <summary>Tiles of one size in rows.</summary>
internal static class TileGrid
{
    private const int Near = 4;
    private const int Far = 12;

    /// <summary>Draws tiles.</summary>
    /// <param name="tiles">At least one.</param>
    /// <param name="width">The columns of the picture.</param>
    /// <param name="perRow">How many stand in a row.</param>
    /// <param name="apart">Whether they stand further apart, since each has gaps of its own.</param>
    public static Picture Draw(IReadOnlyList<Tile> tiles, int width, int perRow, bool apart = false)
    {
        int gap = apart ? Far : Near;
        int cell = Math.Max(1, ((width + gap) / perRow) - gap);
        (int tileWidth, int tileHeight) = tiles[0].SizeIn(cell);
        int step = Math.Max(tileWidth + gap, Math.Min(cell + gap, Characters(tiles) * BitmapFont.Width));
        perRow = Math.Max(1, Math.Min(tiles.Count, (width + gap) / step));
        int rowHeight = BitmapFont.Height + tileHeight + gap;
        int rows = (tiles.Count + perRow - 1) / perRow;
        Picture picture = Drawing.Blank(Math.Max((perRow * step) - gap, tileWidth), rows * rowHeight, Rgb.Paper);
        for (int i = 0; i < tiles.Count; i++)
        {
            (int row, int column) = Math.DivRem(i, perRow);
            (int x, int y) = (column * step, row * rowHeight);
            BitmapFont.Draw(picture, x, y, BitmapFont.Cut(tiles[i].Label, Math.Max(1, (step - 2) / BitmapFont.Width)), Rgb.Faint);
            tiles[i].Draw(picture, x, y + BitmapFont.Height, tileWidth, tileHeight);
        }

        return picture;
    }

    private static int Characters(IReadOnlyList<Tile> tiles) => tiles.Max(tile => tile.Label.Length) + 1;
}
