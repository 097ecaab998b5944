namespace CnnFast.Testing;

/// <summary>Lengths around the ends of vectors, for kernels over contiguous elements.</summary>
internal static class VectorSizes
{
    private static readonly int[] Common = [1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 1000];

    /// <summary>The lengths of a depth.</summary>
    public static IEnumerable<int> Of(SweepDepth depth) =>
        depth == SweepDepth.Quick ? Common : Common.Concat(Enumerable.Range(1, 70)).Append(1023).Append(4097).Distinct();

    /// <summary>Rows and columns of matrices.</summary>
    public static IEnumerable<(int Rows, int Columns)> Matrices(SweepDepth depth)
    {
        int[] rows = depth == SweepDepth.Quick ? [1, 3, 17] : [1, 2, 3, 8, 17, 64];
        foreach (int row in rows)
        {
            foreach (int columns in Common)
                yield return (row, columns);
        }

        yield return (1025, 10);
        yield return (2, 3001);
    }
}
