using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2, as x times the sigmoid of twice the argument.</summary>
internal readonly struct GELUTanhOperation : IActivationOperation
{
    // 2·√(2/π), and that times 0.044715.
    private const float Slope = 1.5957691f;
    private const float Cubic = 0.071354814f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V slope = L.MultiplyAdd(L.Multiply(x, x), L.Create(Cubic), L.Create(Slope));
        return SigmoidOperation.Gate<L, V, I>(L.Multiply(x, slope), x);
    }
}
