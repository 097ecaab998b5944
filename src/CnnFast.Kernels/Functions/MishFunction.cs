using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// x · tanh(ln(1 + e^x)), as x·n/d of q = e^−|x|, all terms positive: n = 1 + 2q and d = n + 2q² above 0, n = q·(q + 2) and d = n + 2
/// below.
/// Nothing overflows and small results keep their digits.
/// </summary>
internal readonly struct MishFunction : IElementFunction
{
    // Past this |x| the derivative is 0 or 1.
    private const float Farthest = 128f;

    public static string Name => "Mish";

    public static string NamePrefix => "mish";

    public static Activation Activation => Activation.Mish;

    public static long Cost => 32;

    public static bool IsRectifier => true;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V q = SmallPower<L, V, I>(x);
        V n = Numerator<L, V, I>(x, q);
        return L.Multiply(x, L.Divide(n, L.Add(n, Rest<L, V, I>(x, q))));
    }

    /// <summary>dy · (t + x·s·(1 − t²)) with t = n/d and s = sigmoid(x), 1 − t² as (d − n)·(d + n)/d²; 0 and dy far out, at infinities
    /// too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V one = L.Create(1f);
        x = L.Min(L.Max(x, L.Create(-Farthest)), L.Create(Farthest));
        V q = SmallPower<L, V, I>(x);
        V n = Numerator<L, V, I>(x, q);
        V rest = Rest<L, V, I>(x, q);
        V d = L.Add(n, rest);
        V s = L.Divide(L.SelectGreater(x, L.Create(0f), one, q), L.Add(one, q));
        V bend = L.Multiply(L.Divide(rest, d), L.Divide(L.Add(n, d), d));
        return L.Multiply(dy, L.MultiplyAdd(L.Multiply(x, s), bend, L.Divide(n, d)));
    }

    // e^−|x|.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SmallPower<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => Exponential.OfMinusAbsolute<L, V, I>(x);

    // n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Numerator<L, V, I>(V x, V q)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged =>
        L.SelectGreater(x, L.Create(0f), L.MultiplyAdd(q, L.Create(2f), L.Create(1f)), L.Multiply(q, L.Add(q, L.Create(2f))));

    // d − n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest<L, V, I>(V x, V q)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(x, L.Create(0f), L.Multiply(L.Add(q, q), q), L.Create(2f));
}
