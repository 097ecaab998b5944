using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Gradient descent with momentum and L2: g = gradient + l2·w; v = momentum·v + fresh·g; w = w − rate·v.</summary>
internal readonly record struct SgdRule(float LearningRate, float Momentum, float L2) : IUpdateRule
{
    public static string Name => "Sgd";

    public static int Remembered => 1;

    /// <summary>The part of the gradient that enters the velocity: 1 − dampening, and 1 at the first step.</summary>
    public float Fresh { get; init; } = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V g = L.Multiply(L.Create(Fresh), L.MultiplyAdd(L.Create(L2), w, gradient));
        first = TinyMoments.Flush<L, V, I>(L.MultiplyAdd(L.Create(Momentum), first, g), TinyMoments.First);
        return L.MultiplyAdd(L.Create(-LearningRate), first, w);
    }
}
