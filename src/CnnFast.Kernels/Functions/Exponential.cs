using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// e^x: x = n·ln 2 + r with |r| ≤ ½ ln 2, a polynomial in r (coefficients of Moshier's Cephes expf) and two exact scalings by powers of
/// two, so that results near the ends of the range round once. −∞ gives 0, overflow gives +∞, a NaN stays a NaN.
/// </summary>
internal readonly struct Exponential : IUnaryOperation
{
    // Past these the result is 0 or +∞ however far x lies.
    private const float Lowest = -104f;
    private const float Highest = 89f;

    // From here down e^x − 1 is −1.
    private const float LowestLess1 = -30f;

    // Adding 1.5·2^23 leaves the nearest integer in the low bits of the float.
    private const float Rounder = 12582912f;
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts, the first so short that its product with n is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        return Bounded<L, V, I>(L.Min(L.Max(x, L.Create(Lowest)), L.Create(Highest)));
    }

    /// <summary>e^−|x|: the same without the upper bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfMinusAbsolute<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        I magnitude = L.And(L.BitsOf(x), L.CreateInt(int.MaxValue));
        return Bounded<L, V, I>(L.Max(L.FromBits(L.Xor(magnitude, L.CreateInt(int.MinValue))), L.Create(Lowest)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bounded<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V rounded = L.MultiplyAdd(x, L.Create(Log2E), L.Create(Rounder));
        V p = L.Add(RestLess1<L, V, I>(x, rounded), L.Create(1f));
        if (L.HasScale)
            return L.Scale(p, L.Subtract(rounded, L.Create(Rounder)));
        I n = Exponent<L, V, I>(rounded);
        I half = L.ShiftRightArithmetic(n, 1);
        return L.Multiply(L.Multiply(p, PowerOfTwo<L, V, I>(half)), PowerOfTwo<L, V, I>(L.SubtractInt(n, half)));
    }

    /// <summary>e^x − 1 for x ≤ 0 with small results exact to their last digits, as e^r·2^n − 1 = (e^r − 1)·2^n + (2^n − 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Less1<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        x = L.Max(x, L.Create(LowestLess1));
        V rounded = L.MultiplyAdd(x, L.Create(Log2E), L.Create(Rounder));
        V power = PowerOfTwo<L, V, I>(Exponent<L, V, I>(rounded));
        return L.MultiplyAdd(RestLess1<L, V, I>(x, rounded), power, L.Subtract(power, L.Create(1f)));
    }

    // n, from the sum of x / ln 2 and the rounder.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static I Exponent<L, V, I>(V rounded)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SubtractInt(L.BitsOf(rounded), L.CreateInt(BitConverter.SingleToInt32Bits(Rounder)));

    // e^r − 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V RestLess1<L, V, I>(V x, V rounded)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V whole = L.Subtract(rounded, L.Create(Rounder));
        V r = L.MultiplyAdd(whole, L.Create(-Ln2High), x);
        r = L.MultiplyAdd(whole, L.Create(-Ln2Low), r);

        V p = L.Create(1.9875691500e-4f);
        p = L.MultiplyAdd(p, r, L.Create(1.3981999507e-3f));
        p = L.MultiplyAdd(p, r, L.Create(8.3334519073e-3f));
        p = L.MultiplyAdd(p, r, L.Create(4.1665795894e-2f));
        p = L.MultiplyAdd(p, r, L.Create(1.6666665459e-1f));
        p = L.MultiplyAdd(p, r, L.Create(5.0000001201e-1f));
        return L.MultiplyAdd(p, L.Multiply(r, r), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerOfTwo<L, V, I>(I exponent)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.FromBits(L.ShiftLeft(L.AddInt(exponent, L.CreateInt(127)), 23));
}
