namespace CnnFast.Operators;

/// <summary>
/// The rows and columns of a filter that some output finds on the image. The others multiply padding alone, as eight of nine taps do on an
/// image of one pixel; a convolution leaves them out and its filter gradient is 0 there.
/// </summary>
/// <param name="All">The convolution with all taps.</param>
/// <param name="Geometry">The convolution of those that are reached.</param>
/// <param name="FirstRow">The first row of the filter that is reached.</param>
/// <param name="FirstColumn">The first column.</param>
internal readonly record struct ReachedTaps(Conv2DGeometry All, Conv2DGeometry Geometry, int FirstRow, int FirstColumn)
{
    /// <summary>Whether all are reached.</summary>
    public bool IsAll => Geometry.KH == All.KH && Geometry.KW == All.KW;

    /// <summary>Rows [C/G] of the filter that follow one another: the reached taps of one of its rows.</summary>
    public int Stretch => Geometry.KW * All.GroupC;

    /// <summary>Looks which taps are reached.</summary>
    public static ReachedTaps Of(Conv2DGeometry g) => new(g, g.WithoutUnreachedTaps(out int row, out int column), row, column);

    /// <summary>Where the reached taps of a row of the smaller filter begin, in rows of C/G of the whole filter.</summary>
    public int StretchStart(int row) => (((FirstRow + row) * All.KW) + FirstColumn) * All.GroupC;
}
