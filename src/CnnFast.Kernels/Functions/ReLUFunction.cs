using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>x &lt; 0 ? 0 : x; a NaN and −0 pass through.</summary>
internal readonly struct ReLUFunction : IElementFunction
{
    public static string Name => "ReLU";

    public static string NamePrefix => "relu";

    public static Activation Activation => Activation.ReLU;

    public static RegisterFunction InRegisters => RegisterFunction.ReLU;

    public static bool IsRectifier => true;

    public static int FileVersion => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => ReLUOperation.Invoke<L, V, I>(x);

    /// <summary>y &gt; 0 ? dy : 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(y, L.Create(0f), dy, L.Create(0f));
}
