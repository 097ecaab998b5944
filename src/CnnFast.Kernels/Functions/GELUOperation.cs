using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x · (1 + erf(x / √2)) / 2.</summary>
internal readonly struct GELUOperation : IActivationOperation
{
    private const float RootOfHalf = 0.70710678f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V error = ErrorFunctionOperation.Invoke<L, V, I>(L.Multiply(x, L.Create(RootOfHalf)));
        return L.Multiply(L.Multiply(x, L.Create(0.5f)), L.Add(error, L.Create(1f)));
    }
}
