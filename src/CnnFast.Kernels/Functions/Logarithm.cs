using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// The natural logarithm: x = m·2^e with m in [√½, √2), a polynomial in m − 1 (coefficients of Moshier's Cephes logf) and e·ln 2 in two
/// parts. ±0 gives −∞, a negative number or NaN gives NaN, +∞ gives +∞, subnormal numbers are scaled up first.
/// </summary>
internal readonly struct Logarithm : IUnaryOperation
{
    private const int SqrtHalfBits = 0x3F3504F3;
    private const float SmallestNormal = 1.17549435e-38f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V smallest = L.Create(SmallestNormal);
        V scaled = L.SelectGreater(smallest, x, L.Multiply(x, L.Create(33554432f)), x);
        V offset = L.SelectGreater(smallest, x, L.Create(-25f), L.Create(0f));
        I bits = L.SubtractInt(L.BitsOf(scaled), L.CreateInt(SqrtHalfBits));
        V e = L.Add(L.ToFloat(L.ShiftRightArithmetic(bits, 23)), offset);
        V m = L.Subtract(L.FromBits(L.AddInt(L.And(bits, L.CreateInt(0x7FFFFF)), L.CreateInt(SqrtHalfBits))), L.Create(1f));

        V p = L.Create(7.0376836292e-2f);
        p = L.MultiplyAdd(p, m, L.Create(-1.1514610310e-1f));
        p = L.MultiplyAdd(p, m, L.Create(1.1676998740e-1f));
        p = L.MultiplyAdd(p, m, L.Create(-1.2420140846e-1f));
        p = L.MultiplyAdd(p, m, L.Create(1.4249322787e-1f));
        p = L.MultiplyAdd(p, m, L.Create(-1.6668057665e-1f));
        p = L.MultiplyAdd(p, m, L.Create(2.0000714765e-1f));
        p = L.MultiplyAdd(p, m, L.Create(-2.4999993993e-1f));
        p = L.MultiplyAdd(p, m, L.Create(3.3333331174e-1f));
        V square = L.Multiply(m, m);
        p = L.Multiply(L.Multiply(p, m), square);
        p = L.MultiplyAdd(e, L.Create(-2.12194440e-4f), p);
        p = L.MultiplyAdd(square, L.Create(-0.5f), p);
        V result = L.MultiplyAdd(e, L.Create(0.693359375f), L.Add(m, p));

        V special = L.SelectGreater(L.Create(0f), x, L.Create(float.NaN), L.Add(x, L.Create(float.NegativeInfinity)));
        result = L.SelectGreater(x, L.Create(float.MaxValue), x, result);
        return L.SelectGreater(x, L.Create(0f), result, special);
    }
}
