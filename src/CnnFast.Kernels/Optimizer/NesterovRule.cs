using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Nesterov's momentum: g = gradient + l2·w; v = momentum·v + g; w = w − rate·(g + momentum·v).</summary>
internal readonly record struct NesterovRule(float LearningRate, float Momentum, float L2) : IUpdateRule
{
    public static string Name => "Nesterov";

    public static int Remembered => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V g = L.MultiplyAdd(L.Create(L2), w, gradient);
        first = TinyMoments.Flush<L, V, I>(L.MultiplyAdd(L.Create(Momentum), first, g), TinyMoments.First);
        return L.MultiplyAdd(L.Create(-LearningRate), L.MultiplyAdd(L.Create(Momentum), first, g), w);
    }
}
