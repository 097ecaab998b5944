using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x &lt; 0 ? alpha·x : x.</summary>
internal readonly struct LeakyReLUFunction : IElementFunction
{
    public static string Name => "LeakyReLU";

    public static string NamePrefix => "leaky_relu";

    public static FunctionConstant Alpha => new("negative_slope", Minimum: 0);

    public static int FileVersion => 1;

    public static bool GradientNeedsInput(float alpha) => alpha < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(L.Create(0f), x, L.Multiply(alpha, x), x);

    /// <summary>x &gt; 0 ? dy : alpha·dy; x and the result are above 0 at the same elements where alpha is at least 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(x, L.Create(0f), dy, L.Multiply(alpha, dy));
}
