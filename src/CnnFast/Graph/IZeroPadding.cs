namespace CnnFast.Graphs;

/// <summary>An operation that puts zeros around images.</summary>
internal interface IZeroPadding
{
    /// <summary>Rows above, columns left, rows below, columns right.</summary>
    (int Top, int Left, int Bottom, int Right) Sides { get; }
}
