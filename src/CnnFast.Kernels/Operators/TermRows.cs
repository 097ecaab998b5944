using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// The terms of a filter gradient as rows, one a pixel: what the window of an output pixel reads, filter row by filter row.
/// Copies only, so every tier gives the same bits.
/// </summary>
internal static unsafe class TermRows
{
    /// <summary>Floats that a packed block needs behind its last row.</summary>
    public const int Overrun = 8;

    /// <summary>Copies the windows of a row of pixels.</summary>
    /// <param name="source">The first window.</param>
    /// <param name="pixelStep">Floats between two windows.</param>
    /// <param name="pixels">Windows, at least 1.</param>
    /// <param name="runs">Filter rows.</param>
    /// <param name="runStep">Floats between two filter rows.</param>
    /// <param name="runLength">Floats that a window reads in a filter row.</param>
    /// <param name="packed">Where the rows go; <see cref="Overrun"/> floats behind the last are written too.</param>
    /// <param name="packedStep">Floats between two rows.</param>
    /// <param name="readsBehind">Whether up to <see cref="Overrun"/> floats behind a run can be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* source, nint pixelStep, nint pixels, nint runs, nint runStep, nint runLength, float* packed, nint packedStep, bool readsBehind)
    {
        // Whole vectors, in ascending order: what they write behind a run, the next run or row writes again.
        nint whole = readsBehind ? runLength : runLength & ~7;
        do
        {
            float* from = source;
            float* to = packed;
            for (nint run = 0; run < runs; run++, from += runStep, to += runLength)
            {
                nint i = 0;
                for (; i < whole; i += 8)
                    Vector256.Load(from + i).Store(to + i);
                for (; i < runLength; i++)
                    to[i] = from[i];
            }

            source += pixelStep;
            packed += packedStep;
        }
        while (--pixels > 0);
    }
}
