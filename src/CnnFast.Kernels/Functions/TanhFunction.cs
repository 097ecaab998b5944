using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// tanh(x) of |x| with the sign put back, so that it is exactly odd: below 0.625 an odd polynomial (coefficients of Moshier's Cephes
/// tanhf), which keeps the digits of small results, above it 1 − 2 / (e^2|x| + 1). −0 and a NaN pass through.
/// </summary>
internal readonly struct TanhFunction : IElementFunction
{
    private const float Meeting = 0.625f;

    public static string Name => "Tanh";

    public static string NamePrefix => "tanh";

    public static Activation Activation => Activation.Tanh;

    public static long Cost => 32;

    public static int FileVersion => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V one = L.Create(1f);
        V a = L.FromBits(L.And(L.BitsOf(x), L.CreateInt(int.MaxValue)));

        V z = L.Multiply(a, a);
        V p = L.Create(-5.70498872745e-3f);
        p = L.MultiplyAdd(p, z, L.Create(2.06390887954e-2f));
        p = L.MultiplyAdd(p, z, L.Create(-5.37397155531e-2f));
        p = L.MultiplyAdd(p, z, L.Create(1.33314422036e-1f));
        p = L.MultiplyAdd(p, z, L.Create(-3.33332819422e-1f));
        V small = L.MultiplyAdd(L.Multiply(p, z), a, a);

        V e = Exponential.Invoke<L, V, I>(L.Add(a, a));
        V large = L.Subtract(one, L.Divide(L.Create(2f), L.Add(e, one)));

        V y = L.SelectGreater(L.Create(Meeting), a, small, large);
        return L.FromBits(L.Xor(L.BitsOf(y), L.And(L.BitsOf(x), L.CreateInt(int.MinValue))));
    }

    /// <summary>dy · (1 − y²), as (1 − y)·(1 + y), whose first factor is exact where y is near 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V one = L.Create(1f);
        return L.Multiply(dy, L.Multiply(L.Subtract(one, y), L.Add(one, y)));
    }
}
