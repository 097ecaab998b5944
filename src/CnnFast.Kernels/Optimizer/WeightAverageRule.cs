using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>A moving average of weights, as a rule whose weights are the averages and whose gradient is the weights:
/// a = a + fresh·(w − a). What does not move keeps its bits.</summary>
/// <param name="Fresh">1 − decay.</param>
internal readonly record struct WeightAverageRule(float Fresh) : IUpdateRule
{
    public static string Name => "WeightAverage";

    public static int Remembered => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.MultiplyAdd(L.Create(Fresh), L.Subtract(gradient, w), w);
}
