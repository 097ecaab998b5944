namespace CnnFast.Operators;

/// <summary>How a matrix <c>[rows, classes]</c> is cut into parts of whole rows: by its sizes alone, into at most 256 parts.</summary>
internal readonly struct SoftmaxRows
{
    /// <summary>The most parts that there are.</summary>
    public const int MaxParts = 256;

    private const int ElementsPerPart = 4096;

    private readonly int _rows;
    private readonly int _rowsPerPart;

    private SoftmaxRows(int rows, int classes)
    {
        _rows = rows;
        Classes = classes;
        _rowsPerPart = Math.Max(Math.Max(1, ElementsPerPart / classes), (int)(((long)rows + MaxParts - 1) / MaxParts));
    }

    public int Classes { get; }

    public int Parts => (int)(((long)_rows + _rowsPerPart - 1) / _rowsPerPart);

    public long Elements => (long)_rows * Classes;

    /// <summary>The cost for the scheduler: an exponential, a sum and a division an element.</summary>
    public long Cost => Elements * 32;

    /// <summary>Cuts a matrix.</summary>
    /// <exception cref="ShapeException">A size is below 1.</exception>
    public static SoftmaxRows Create(string who, int rows, int classes)
    {
        OperatorChecks.Matrix(who, rows, classes);
        return new SoftmaxRows(rows, classes);
    }

    /// <summary>The first element of a part.</summary>
    public nint Start(int part) => (nint)part * _rowsPerPart * Classes;

    /// <summary>The rows of a part.</summary>
    public int Rows(int part) => Math.Min(_rowsPerPart, _rows - FirstRow(part));

    /// <summary>The first row of a part.</summary>
    public int FirstRow(int part) => part * _rowsPerPart;
}
