using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnFast.Operators;

/// <summary>
/// Numbers below 2⁻¹²⁶, which floats hold with fewer digits (denormal numbers). Some processors take over a hundred cycles for a
/// multiply-add that meets one. Thread-safe.
/// </summary>
internal static class Denormals
{
    /// <summary>The smallest number that is none: 2⁻¹²⁶.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

    private const int AheadFloats = 2048;

    /// <summary>Puts a zero of the same sign in the place of every denormal number; all else, NaN included, keeps its bits.</summary>
    /// <param name="values">The numbers; memory without denormal numbers is read alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Flush(Span<float> values)
    {
        Vector512<float> least = Vector512.Create(SmallestNormal);
        Span<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        foreach (ref Vector512<float> vector in vectors)
        {
            // Zeros compare as smaller too, and stay what they are.
            Vector512<float> isTiny = Vector512.LessThan(Vector512.Abs(vector), least);
            if (isTiny.ExtractMostSignificantBits() != 0)
                vector = Vector512.ConditionalSelect(isTiny, vector & Vector512.Create(-0f), vector);
        }

        foreach (ref float value in values[(vectors.Length * Vector512<float>.Count)..])
            value = Flush(value);
    }

    /// <summary>Whether a block of a matrix has denormal numbers; reading it, asks for what lies behind it too.</summary>
    /// <param name="from">The first number.</param>
    /// <param name="pitch">Floats from a row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe bool AreIn(float* from, nint pitch, nint rows, nint columns)
    {
        if (pitch == columns)
            (rows, columns) = (1, rows * columns);
        nint lanes = Vector512<uint>.Count;
        nint ahead = rows == 1 ? AheadFloats : pitch * Math.Max(1, AheadFloats / columns);
        Vector512<uint> one = Vector512<uint>.One, least = Vector512<uint>.AllBitsSet;
        for (; rows > 0; rows--, from += pitch)
        {
            nint i = 0;
            for (; i <= columns - lanes; i += lanes)
            {
                if (Sse.IsSupported)
                    Sse.Prefetch0(from + i + ahead);
                Vector512<uint> bits = Vector512.Load((uint*)from + i);
                least = Vector512.Min(least, bits + bits - one);
            }

            for (; i < columns; i++)
            {
                if (float.IsSubnormal(from[i]))
                    return true;
            }
        }

        // Without its sign, and 1 lower: zeros are the largest, and denormal numbers are below the smallest that is none.
        return Vector512.LessThanAny(least, Vector512.Create((BitConverter.SingleToUInt32Bits(SmallestNormal) << 1) - 1));
    }

    internal static float Flush(float value) => Math.Abs(value) < SmallestNormal ? MathF.CopySign(0, value) : value;
}
