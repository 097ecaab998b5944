using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>(x − t)², with the derivative 2·(x − t).</summary>
internal readonly struct SquaredErrorLoss : IElementLoss
{
    public static string Name => "SquaredError";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Invoke<L, V, I>(V x, V target, out V gradient, out V prediction)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V difference = L.Subtract(x, target);
        gradient = L.Add(difference, difference);
        prediction = x;
        return L.Multiply(difference, difference);
    }
}
