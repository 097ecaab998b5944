namespace CnnFast.Graphs;

/// <summary>Work on rows of equal length, cut into parts of about as many elements.</summary>
internal readonly struct RowCut
{
    /// <summary>Elements of a part, where a row has no more.</summary>
    public const int Block = 16384;

    // A float that is read and written costs about as much time as this many multiply-adds.
    private const long CostPerElement = 16;

    private readonly int _rows;
    private readonly int _perPart;

    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="length">Elements that are worked on for a row.</param>
    public RowCut(int rows, long length)
    {
        _rows = rows;
        _perPart = (int)Math.Clamp(Block / Math.Max(1, length), 1, rows);
        Cost = rows * length * CostPerElement;
    }

    /// <summary>The parts.</summary>
    public int Parts => ((_rows - 1) / _perPart) + 1;

    /// <summary>What all of them cost.</summary>
    public long Cost { get; }

    /// <summary>The first row of a part.</summary>
    public int First(int part) => part * _perPart;

    /// <summary>The row after the last one of a part.</summary>
    public int End(int part) => Math.Min(_rows, First(part) + _perPart);
}
