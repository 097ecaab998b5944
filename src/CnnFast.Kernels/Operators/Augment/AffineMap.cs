namespace CnnFast.Operators;

/// <summary>
/// Where the pixels of an output image come from: pixel (i, j) from row RowI·i + RowJ·j + Row and column ColumnI·i + ColumnJ·j + Column of
/// the source, both counted in pixels between the centres of pixels.
/// </summary>
internal readonly record struct AffineMap(double RowI, double RowJ, double Row, double ColumnI, double ColumnJ, double Column)
{
    public static AffineMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>What an image becomes by this map and the result by the next: the next map's places looked up in this one.</summary>
    public AffineMap Then(AffineMap next) => new(
        (RowI * next.RowI) + (RowJ * next.ColumnI),
        (RowI * next.RowJ) + (RowJ * next.ColumnJ),
        (RowI * next.Row) + (RowJ * next.Column) + Row,
        (ColumnI * next.RowI) + (ColumnJ * next.ColumnI),
        (ColumnI * next.RowJ) + (ColumnJ * next.ColumnJ),
        (ColumnI * next.Row) + (ColumnJ * next.Column) + Column);
}
