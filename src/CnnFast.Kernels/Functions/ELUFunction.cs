using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x &lt; 0 ? alpha·(e^x − 1) : x, without loss of digits near 0.</summary>
internal readonly struct ELUFunction : IElementFunction
{
    public static string Name => "ELU";

    public static string NamePrefix => "elu";

    public static FunctionConstant Alpha => new("alpha", Minimum: 0);

    public static long Cost => 32;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        return L.SelectGreater(zero, x, L.Multiply(alpha, Exponential.Less1<L, V, I>(L.Min(x, zero))), x);
    }

    /// <summary>x &gt; 0 ? dy : alpha·e^x·dy, from x, because alpha + y would lose the digits of small e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V e = Exponential.Invoke<L, V, I>(L.Min(x, zero));
        return L.SelectGreater(x, zero, dy, L.Multiply(dy, L.Multiply(alpha, e)));
    }
}
