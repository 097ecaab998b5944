using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>min(max(x, alpha), beta); a NaN passes through.</summary>
internal readonly struct ClipOperation : IActivationOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Min(L.Max(x, alpha), beta);
}

/// <summary>x &lt; 0 ? alpha·x : x.</summary>
internal readonly struct LeakyReLUOperation : IActivationOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(L.Create(0f), x, L.Multiply(alpha, x), x);
}

/// <summary>max(x &lt; 0 ? alpha·x : x, beta).</summary>
internal readonly struct FlooredLeakyReLUOperation : IActivationOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Max(LeakyReLUOperation.Invoke<L, V, I>(x, alpha, beta), beta);
}

/// <summary>min(max(alpha·x + beta, 0), 1).</summary>
internal readonly struct HardSigmoidOperation : IActivationOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Min(L.Max(L.Add(L.Multiply(alpha, x), beta), L.Create(0f)), L.Create(1f));
}

/// <summary>1 / (1 + e⁻ˣ), by e^−|x| so that nothing overflows and small results keep their digits.</summary>
internal readonly struct SigmoidOperation : IActivationOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => Gate<L, V, I>(x, L.Create(1f));

    /// <summary>factor · sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gate<L, V, I>(V x, V factor)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V one = L.Create(1f);
        V e = Exponential.Invoke<L, V, I>(L.SelectGreater(zero, x, x, L.Subtract(zero, x)));
        return L.Multiply(factor, L.Divide(L.SelectGreater(zero, x, e, one), L.Add(one, e)));
    }
}

/// <summary>x · sigmoid(x).</summary>
internal readonly struct SiLUOperation : IActivationOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => SigmoidOperation.Gate<L, V, I>(x, x);
}

/// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
internal readonly struct HardSwishOperation : IActivationOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V gate = L.Min(L.Max(L.Add(x, L.Create(3f)), L.Create(0f)), L.Create(6f));
        return L.Multiply(L.Multiply(x, L.Create(1f / 6f)), gate);
    }
}
