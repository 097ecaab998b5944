using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x.</summary>
internal readonly struct IdentityOperation : IUnaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => x;
}

/// <summary>x &lt; 0 ? 0 : x; a NaN and −0 pass through.</summary>
internal readonly struct ReLUOperation : IUnaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Max(x, L.Create(0f));
}

/// <summary>min(max(x, 0), 6); a NaN and −0 pass through.</summary>
internal readonly struct ReLU6Operation : IUnaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Min(L.Max(x, L.Create(0f)), L.Create(6f));
}

/// <summary>a + b.</summary>
internal readonly struct Addition : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V a, V b)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Add(a, b);
}

/// <summary>a · b.</summary>
internal readonly struct Multiplication : IBinaryOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V a, V b)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Multiply(a, b);
}
