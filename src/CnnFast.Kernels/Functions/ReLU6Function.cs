using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>min(max(x, 0), 6); a NaN and −0 pass through.</summary>
internal readonly struct ReLU6Function : IElementFunction
{
    public static string Name => "ReLU6";

    public static string NamePrefix => "relu6";

    public static Activation Activation => Activation.ReLU6;

    public static RegisterFunction InRegisters => RegisterFunction.ReLU6;

    public static bool IsRectifier => true;

    public static int FileVersion => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => ReLU6Operation.Invoke<L, V, I>(x);

    /// <summary>0 &lt; y &lt; 6 ? dy : 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => ClipFunction.Gradient<L, V, I>(y, dy, L.Create(0f), L.Create(6f));
}
