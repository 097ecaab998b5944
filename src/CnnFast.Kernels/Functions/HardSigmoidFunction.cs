using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>min(max(alpha·x + beta, 0), 1).</summary>
internal readonly struct HardSigmoidFunction : IElementFunction
{
    public static string Name => "HardSigmoid";

    public static string NamePrefix => "hard_sigmoid";

    public static FunctionConstant Alpha => new("alpha");

    public static FunctionConstant Beta => new("beta");

    public static long Cost => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Min(L.Max(L.Add(L.Multiply(alpha, x), beta), L.Create(0f)), L.Create(1f));

    /// <summary>0 &lt; y &lt; 1 ? alpha·dy : 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => ClipFunction.Gradient<L, V, I>(y, L.Multiply(alpha, dy), L.Create(0f), L.Create(1f));
}
