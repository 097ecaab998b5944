using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// What an optimizer remembers of a weight whose gradient stays 0 shrinks step by step until it is a denormal number, and then slows every
/// step down. Below a bound it is 0. The bounds change no weight by more than rounding: a first moment or velocity below 2⁻¹⁰⁰ moves
/// nothing, and the root of a second moment below 2⁻¹²⁶ is nothing beside ε. Where ε is below 2⁻³² second moments keep what they are.
/// </summary>
internal static class TinyMoments
{
    /// <summary>2⁻¹⁰⁰: the bound of first moments and velocities.</summary>
    public const float First = 7.88860905e-31f;

    /// <summary>2⁻¹²⁶: the bound of second moments, and of a momentum whose sign alone counts.</summary>
    public const float Second = 1.17549435e-38f;

    // 2⁻³²: the root of a moment of 2⁻¹²⁶, corrected by up to 2¹⁴ at the first steps, is below 2⁻²⁴ of it.
    private const float LeastEpsilon = 2.32830644e-10f;

    /// <summary>The bound of second moments beside an ε.</summary>
    public static float SecondBound(float epsilon) => epsilon >= LeastEpsilon ? Second : 0;

    /// <summary>0 where |value| is below the bound; a NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Flush<L, V, I>(V value, float bound)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V magnitude = L.FromBits(L.And(L.BitsOf(value), L.CreateInt(0x7fffffff)));
        return L.SelectGreater(L.Create(bound), magnitude, zero, value);
    }
}
