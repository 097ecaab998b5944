namespace CnnFast.Graphs;

/// <summary>Rows of a matrix as columns.</summary>
internal static class MatrixTranspose
{
    private const int Block = 16;

    /// <summary>y[column, row] = x[row, column].</summary>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    /// <param name="x">The matrix.</param>
    /// <param name="y">Receives its columns as rows.</param>
    /// <param name="pitch">Floats from a row of y to the next.</param>
    public static void Run(int rows, int columns, ReadOnlySpan<float> x, Span<float> y, int pitch)
    {
        for (int first = 0; first < rows; first += Block)
        {
            int end = Math.Min(rows, first + Block);
            for (int column = 0; column < columns; column++)
            {
                Span<float> to = y.Slice(column * pitch, rows);
                for (int row = first; row < end; row++)
                    to[row] = x[(row * columns) + column];
            }
        }
    }
}
