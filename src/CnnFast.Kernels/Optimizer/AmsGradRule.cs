using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// AMSGrad (Reddi, Kale and Kumar 2018): the step of Adam or AdamW with the largest second moment so far in place of the second moment.
/// </summary>
/// <param name="Adam">The step of Adam.</param>
/// <param name="Keep">1 − learning rate·decay in AdamW, else 1.</param>
internal readonly record struct AmsGradRule(AdamRule Adam, float Keep) : IUpdateRule
{
    public static string Name => "AmsGrad";

    public static int Remembered => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        w = L.Multiply(L.Create(Keep), w);
        Adam.Moments<L, V, I>(w, gradient, ref first, ref second);
        third = L.MaxOrNaN(third, second);
        return Adam.Move<L, V, I>(w, first, third);
    }
}
