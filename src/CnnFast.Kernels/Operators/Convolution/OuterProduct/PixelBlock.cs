namespace CnnFast.Operators;

/// <summary>
/// A block of pixels whose outer products stay in registers: what the tiles read, and whether they add to the sums or begin them.
/// </summary>
internal readonly unsafe struct PixelBlock
{
    /// <summary>What the offsets of x count from.</summary>
    public required float* X { get; init; }

    /// <summary>One offset of x for each row of pixels.</summary>
    public required nint* XRows { get; init; }

    /// <summary>The first pixel of dy.</summary>
    public required float* Dy { get; init; }

    /// <summary>Rows of pixels.</summary>
    public required int Rows { get; init; }

    /// <summary>Pixels of a row.</summary>
    public required int Columns { get; init; }

    /// <summary>Whether sums were begun before.</summary>
    public required bool Adds { get; init; }

    /// <summary>All its pixels.</summary>
    public nint Pixels => (nint)Rows * Columns;
}
