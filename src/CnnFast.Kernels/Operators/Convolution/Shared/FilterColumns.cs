namespace CnnFast.Operators;

/// <summary>
/// Neighbouring output channels of a filter [KH, KW, C/G, OC], which is a matrix of as many columns: a large filter is read and
/// packed some of them at a time.
/// </summary>
internal readonly ref struct FilterColumns
{
    /// <summary>Some columns.</summary>
    /// <param name="values">The filter from the first of them on.</param>
    /// <param name="pitch">Floats from a row to the next.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many they are.</param>
    public FilterColumns(ReadOnlySpan<float> values, int pitch, int first, int count)
    {
        Pitch = pitch;
        First = first;
        End = first + count;
        Rows = ((values.Length - 1) / pitch) + 1;
        Values = values[..(((Rows - 1) * pitch) + count)];
    }

    /// <summary>The filter from the first of the columns to the end of the last.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>Floats from a row to the next.</summary>
    public int Pitch { get; }

    /// <summary>The first column.</summary>
    public int First { get; }

    /// <summary>The column after the last.</summary>
    public int End { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>A row of all the columns.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.Slice(row * Pitch, End - First);

    /// <summary>A row of some of them.</summary>
    /// <param name="row">The row.</param>
    /// <param name="from">The first column, as the filter counts them.</param>
    /// <param name="end">The column after the last.</param>
    public ReadOnlySpan<float> Row(int row, int from, int end) => Values.Slice((row * Pitch) + from - First, end - from);

    /// <summary>Which columns of a range are among these; none where <c>From</c> is not below <c>End</c>.</summary>
    public (int From, int End) Among(int first, int count) => (Math.Max(first, First), Math.Min(first + count, End));

    /// <summary>Throws unless the columns lie in the filter of a convolution.</summary>
    /// <param name="who">Starts the sentence.</param>
    /// <param name="g">The convolution.</param>
    public void RequireFit(string who, Conv2DGeometry g)
    {
        int rows = g.KH * g.KW * g.GroupC;
        if (Rows != rows || First < 0 || End > g.OC)
            throw new ShapeException(
                $"{who}: columns {First} to {End} of {Rows} rows of a filter are given, expected some of {g.OC} and {rows} rows ({g}).");
    }
}
