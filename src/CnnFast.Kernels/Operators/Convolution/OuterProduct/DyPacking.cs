using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>Packs a block of dy into a panel for the outer-product tiles. Copies only, so every tier gives the same bits.</summary>
internal static unsafe class DyPacking
{
    /// <summary>Packs <paramref name="pixels"/> rows of dy into a panel [pixels, nr], zeros where columns are missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* dy, nint step, int columns, int nr, nint pixels, float* packed)
    {
        if (columns == nr)
        {
            for (nint p = 0; p < pixels; p++, dy += step, packed += nr)
            {
                int j = 0;
                for (; j + 8 <= nr; j += 8)
                    Vector256.Load(dy + j).Store(packed + j);
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
}
