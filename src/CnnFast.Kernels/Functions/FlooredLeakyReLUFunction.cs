using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>max(x &lt; 0 ? alpha·x : x, beta).</summary>
internal readonly struct FlooredLeakyReLUFunction : IElementFunction
{
    public static string Name => "FlooredLeakyReLU";

    public static string NamePrefix => "floored_leaky_relu";

    public static FunctionConstant Alpha => new("negative_slope");

    public static FunctionConstant Beta => new("floor");

    public static long Cost => 32;

    public static bool GradientNeedsInput(float alpha) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Max(LeakyReLUFunction.Forward<L, V, I>(x, alpha, beta), beta);

    /// <summary>That of the leaky ReLU where it is above beta, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V x, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V leaky = LeakyReLUFunction.Forward<L, V, I>(x, alpha, beta);
        return L.SelectGreater(leaky, beta, LeakyReLUFunction.Gradient<L, V, I>(x, dy, alpha, beta), L.Create(0f));
    }
}
