using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// Adds up rows of sums over blocks and splits of a batch. Only loads, stores and additions in a fixed order, so
/// every tier gives the same bits.
/// </summary>
internal static unsafe class SumRows
{
    /// <summary>Adds one row to another.</summary>
    public static void Add(float* row, float* sums, int count)
    {
        int j = 0;
        for (; j + 4 <= count; j += 4)
            (Vector128.Load(sums + j) + Vector128.Load(row + j)).Store(sums + j);
        for (; j < count; j++)
            sums[j] += row[j];
    }

    /// <summary>Copies one row to another.</summary>
    public static void Copy(float* row, float* to, int count)
    {
        int j = 0;
        for (; j + 4 <= count; j += 4)
            Vector128.Load(row + j).Store(to + j);
        for (; j < count; j++)
            to[j] = row[j];
    }

    /// <summary>Adds a row of each split in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumSplits(float* first, nint splitStep, int splits, float* to, int columns)
    {
        int j = 0;
        for (; j + 8 <= columns; j += 8)
        {
            Vector256<float> sum = Vector256.Load(first + j);
            for (int s = 1; s < splits; s++)
                sum += Vector256.Load(first + (s * splitStep) + j);
            sum.Store(to + j);
        }

        for (; j < columns; j++)
        {
            float sum = first[j];
            for (int s = 1; s < splits; s++)
                sum += first[(s * splitStep) + j];
            to[j] = sum;
        }
    }

    /// <summary>Writes the transpose of a matrix whose rows are <paramref name="step"/> floats apart: to[j, i] = from[i, j].</summary>
    public static void Transpose(float* from, nint step, int columns, float* to, int rows)
    {
        for (int i = 0; i < rows; i++, from += step)
        {
            for (int j = 0; j < columns; j++)
                to[((nint)j * rows) + i] = from[j];
        }
    }
}
