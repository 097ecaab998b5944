namespace CnnFast.Visualization;

/// <summary>Tiles of one size in rows.</summary>
internal static class TileGrid
{
    private const int Near = 4;
    private const int Far = 16;
    private const int Frame = 1;

    /// <summary>Draws tiles, each in a frame, so that white ones are told apart; every label is whole.</summary>
    /// <param name="tiles">At least one.</param>
    /// <param name="width">The columns of the picture.</param>
    /// <param name="perRow">How many stand in a row; fewer where the labels need room.</param>
    /// <param name="apart">Whether they stand further apart, since each has parts.</param>
    public static Picture Draw(IReadOnlyList<Tile> tiles, int width, int perRow, bool apart = false)
    {
        int gap = apart ? Far : Near;
        int label = Math.Min(width, (tiles.Max(tile => tile.Label.Length) * BitmapFont.Width) + (2 * Frame));
        int cell = Math.Max(1, Math.Max(((width + gap) / perRow) - gap, label) - (2 * Frame));
        (int tileWidth, int tileHeight) = tiles[0].SizeIn(cell);
        int slot = Math.Max(tileWidth + (2 * Frame), label);
        perRow = Math.Clamp((width + gap) / (slot + gap), 1, tiles.Count);
        int rowHeight = BitmapFont.Height + tileHeight + (2 * Frame) + gap;
        int rows = (tiles.Count + perRow - 1) / perRow;
        Picture picture = Drawing.Blank((perRow * (slot + gap)) - gap, rows * rowHeight, Rgb.Paper);
        for (int i = 0; i < tiles.Count; i++)
        {
            (int row, int column) = Math.DivRem(i, perRow);
            (int x, int y) = (column * (slot + gap), row * rowHeight);
            BitmapFont.Draw(picture, x, y, BitmapFont.Cut(tiles[i].Label, width / BitmapFont.Width), Rgb.Faint);
            y += BitmapFont.Height;
            picture.Fill(x, y, tileWidth + (2 * Frame), tileHeight + (2 * Frame), Rgb.Line);
            tiles[i].Draw(picture, x + Frame, y + Frame, tileWidth, tileHeight);
        }

        return picture;
    }
}
