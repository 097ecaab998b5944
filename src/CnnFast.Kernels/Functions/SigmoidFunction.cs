using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>1 / (1 + e⁻ˣ), by e^−|x| so that nothing overflows and small results keep their digits.</summary>
internal readonly struct SigmoidFunction : IElementFunction
{
    public static string Name => "Sigmoid";

    public static string NamePrefix => "sigmoid";

    public static Activation Activation => Activation.Sigmoid;

    public static long Cost => 32;

    public static int FileVersion => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => Gate<L, V, I>(x, L.Create(1f));

    /// <summary>dy · y · (1 − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Multiply(dy, L.Multiply(y, L.Subtract(L.Create(1f), y)));

    /// <summary>factor · sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gate<L, V, I>(V x, V factor)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V one = L.Create(1f);
        V e = Exponential.OfMinusAbsolute<L, V, I>(x);
        return L.Multiply(factor, L.Divide(L.SelectGreater(zero, x, e, one), L.Add(one, e)));
    }
}
