using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>AdamW (Loshchilov and Hutter 2019): w = keep·w, then the step of Adam, whose moments do not see the decay.</summary>
/// <param name="Adam">The step of Adam, without L2.</param>
/// <param name="Keep">1 − learning rate·decay.</param>
internal readonly record struct AdamWRule(AdamRule Adam, float Keep) : IUpdateRule
{
    public static string Name => "AdamW";

    public static int Remembered => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => Adam.Update<L, V, I>(L.Multiply(L.Create(Keep), w), gradient, ref first, ref second, ref third);
}
