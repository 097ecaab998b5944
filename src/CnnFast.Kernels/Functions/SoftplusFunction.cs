using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>ln(1 + e^x), as max(x, 0) + ln(1 + q) with q = e^−|x|, so that nothing overflows and small results keep their digits.</summary>
internal readonly struct SoftplusFunction : IElementFunction
{
    public static string Name => "Softplus";

    public static string NamePrefix => "softplus";

    public static Activation Activation => Activation.Softplus;

    public static long Cost => 32;

    public static bool IsRectifier => true;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V one = L.Create(1f);
        V q = Exponential.OfMinusAbsolute<L, V, I>(x);
        V sum = L.Add(one, q);

        // What 1 + q lost in rounding.
        V lost = L.Subtract(q, L.Subtract(sum, one));
        return L.Add(L.Max(x, zero), L.Add(Logarithm.Invoke<L, V, I>(sum), lost));
    }

    /// <summary>dy · sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        return SigmoidFunction.Gate<L, V, I>(x, dy);
    }
}
