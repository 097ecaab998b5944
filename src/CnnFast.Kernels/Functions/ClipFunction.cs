using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>min(max(x, alpha), beta); a NaN passes through.</summary>
internal readonly struct ClipFunction : IElementFunction
{
    public static string Name => "Clip";

    public static string NamePrefix => "clip";

    public static FunctionConstant Alpha => new("minimum");

    public static FunctionConstant Beta => new("maximum");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<L, V, I>(V x, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.Min(L.Max(x, alpha), beta);

    /// <summary>alpha &lt; y &lt; beta ? dy : 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<L, V, I>(V y, V dy, V alpha, V beta)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => L.SelectGreater(y, alpha, L.SelectGreater(beta, y, dy, L.Create(0f)), L.Create(0f));
}
