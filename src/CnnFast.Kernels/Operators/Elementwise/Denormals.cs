using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Operators;

/// <summary>
/// Numbers below 2⁻¹²⁶, which floats hold with fewer digits (denormal numbers). Some processors take over a hundred cycles for a
/// multiply-add that meets one. Thread-safe.
/// </summary>
internal static class Denormals
{
    /// <summary>The smallest number that is none: 2⁻¹²⁶.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

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

    internal static float Flush(float value) => Math.Abs(value) < SmallestNormal ? MathF.CopySign(0, value) : value;
}
