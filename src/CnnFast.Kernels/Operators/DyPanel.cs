using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// The moves and sums around the outer-product tiles: packing a block of dy into a panel, and adding up blocks and splits. Only loads, stores and additions in a fixed order, so every tier gives the same bits.
/// </summary>
internal static unsafe class DyPanel
{
    /// <summary>Packs <paramref name="pixels"/> rows of dy into a panel [pixels, nr], zeros where columns are missing.</summary>
    public static void Pack(float* dy, nint step, int columns, int nr, nint pixels, float* packed)
    {
        if (columns == nr)
        {
            for (nint p = 0; p < pixels; p++, dy += step, packed += nr)
            {
                int j = 0;
                for (; j + 4 <= nr; j += 4)
                    Vector128.Store(Vector128.Load(dy + j), packed + j);
                for (; j < nr; j++)
                    packed[j] = dy[j];
            }

            return;
        }

        for (nint p = 0; p < pixels; p++, dy += step, packed += nr)
        {
            for (int j = 0; j < columns; j++)
                packed[j] = dy[j];
            for (int j = columns; j < nr; j++)
                packed[j] = 0;
        }
    }

    /// <summary>Adds one row to another.</summary>
    public static void Add(float* row, float* sums, int count)
    {
        for (int j = 0; j < count; j++)
            sums[j] += row[j];
    }

    /// <summary>Adds a row of each split in order.</summary>
    public static void SumSplits(float* first, nint splitStep, int splits, float* to, int columns)
    {
        int j = 0;
        for (; j + 4 <= columns; j += 4)
        {
            Vector128<float> sum = Vector128.Load(first + j);
            for (int s = 1; s < splits; s++)
                sum += Vector128.Load(first + (s * splitStep) + j);
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
}
