using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// RMSProp that divides by the root of the variance (Graves 2013): m = m + (1 − alpha)·(g − m), and max(s − m², 0) in place of s. Where
/// roundings make the difference negative, it counts as 0.
/// </summary>
/// <param name="Plain">The step without the mean.</param>
internal readonly record struct CenteredRmsPropRule(RmsPropRule Plain) : IUpdateRule
{
    public static string Name => "CenteredRmsProp";

    public static int Remembered => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V g = Plain.Square<L, V, I>(w, gradient, ref first);
        third = TinyMoments.Flush<L, V, I>(
            L.MultiplyAdd(L.Create(Plain.Fresh), L.Subtract(g, third), third), TinyMoments.First);
        V zero = L.Create(0f);
        V variance = L.MaxOrNaN(zero, L.MultiplyAdd(L.Subtract(zero, third), third, first));
        return Plain.Move<L, V, I>(w, g, variance, ref second);
    }
}
