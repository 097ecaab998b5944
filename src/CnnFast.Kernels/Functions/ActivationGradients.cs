using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>alpha &lt; y &lt; beta ? dy : 0.</summary>
internal readonly struct ClipGradient : IActivationGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(y, alpha, L.SelectGreater(beta, y, dy, L.Create(0f)), L.Create(0f));
}

/// <summary>y &gt; 0 ? dy : alpha·dy, for alpha of at least 0.</summary>
internal readonly struct LeakyReLUGradient : IActivationGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(y, L.Create(0f), dy, L.Multiply(alpha, dy));
}

/// <summary>dy · y · (1 − y).</summary>
internal readonly struct SigmoidGradient : IActivationGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Multiply(dy, L.Multiply(y, L.Subtract(L.Create(1f), y)));
}

/// <summary>dy · (1 − y²), as (1 − y)·(1 + y), whose first factor is exact where y is near 1.</summary>
internal readonly struct TanhGradient : IActivationGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V one = L.Create(1f);
        return L.Multiply(dy, L.Multiply(L.Subtract(one, y), L.Add(one, y)));
    }
}

/// <summary>dy · s · (1 + x·(1 − s)) with s = sigmoid(x), both s and 1 − s from e^−|x| so that neither loses its digits.</summary>
internal readonly struct SiLUGradient : IActivationGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V one = L.Create(1f);
        V e = Exponential.Invoke<L, V, I>(L.SelectGreater(zero, x, x, L.Subtract(zero, x)));
        V sum = L.Add(one, e);
        V s = L.Divide(L.SelectGreater(zero, x, e, one), sum);
        V rest = L.Divide(L.SelectGreater(zero, x, one, e), sum);
        return L.Multiply(dy, L.Multiply(s, L.MultiplyAdd(x, rest, one)));
    }
}

/// <summary>dy times 0 where x ≤ −3, 1 where x ≥ 3, else x/3 + 1/2.</summary>
internal readonly struct HardSwishGradient : IActivationGradient
{
    // The floats next to −3 and 3, so that "greater" stands for "at least" and a NaN takes the middle.
    private const float AboveLow = -2.99999976f;
    private const float BelowHigh = 2.99999976f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V middle = L.MultiplyAdd(x, L.Create(1f / 3f), L.Create(0.5f));
        V slope = L.SelectGreater(x, L.Create(BelowHigh), L.Create(1f), L.SelectGreater(L.Create(AboveLow), x, L.Create(0f), middle));
        return L.Multiply(dy, slope);
    }
}
