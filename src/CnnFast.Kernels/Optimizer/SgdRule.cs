using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Gradient descent with momentum and L2: g = gradient + l2·w; v = momentum·v + g; w = w − rate·v.</summary>
internal readonly record struct SgdRule(float LearningRate, float Momentum, float L2) : IUpdateRule
{
    public static string Name => "Sgd";

    public static int Remembered => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        first = L.MultiplyAdd(L.Create(Momentum), first, L.MultiplyAdd(L.Create(L2), w, gradient));
        return L.MultiplyAdd(L.Create(-LearningRate), first, w);
    }
}
