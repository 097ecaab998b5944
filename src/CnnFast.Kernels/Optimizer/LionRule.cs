using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Lion (Chen and others 2023): w = keep·w − rate·sign(beta1·m + (1 − beta1)·g), then m = beta2·m + (1 − beta2)·g; the sign of 0 is 0.
/// </summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Beta1">How much of the momentum is in the step.</param>
/// <param name="NewFirst">1 − beta1.</param>
/// <param name="Beta2">Decay of the momentum.</param>
/// <param name="NewSecond">1 − beta2.</param>
/// <param name="Keep">1 − learning rate·decay.</param>
internal readonly record struct LionRule(float LearningRate, float Beta1, float NewFirst, float Beta2, float NewSecond, float Keep)
    : IUpdateRule
{
    public static string Name => "Lion";

    public static int Remembered => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V direction = L.MultiplyAdd(L.Create(Beta1), first, L.Multiply(L.Create(NewFirst), gradient));
        V sign = L.SelectGreater(direction, zero, L.Create(1f), L.SelectGreater(zero, direction, L.Create(-1f), direction));
        first = TinyMoments.Flush<L, V, I>(
            L.MultiplyAdd(L.Create(Beta2), first, L.Multiply(L.Create(NewSecond), gradient)), TinyMoments.Second);
        return L.MultiplyAdd(L.Create(-LearningRate), sign, L.Multiply(L.Create(Keep), w));
    }
}
