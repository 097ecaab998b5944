using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>(x − t)², with the derivative 2·(x − t).</summary>
internal readonly struct SquaredErrorLoss : IElementLoss
{
    public static string Name => "SquaredError";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<L, V, I>(V x, V target, V positiveWeight, out V gradient)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V difference = L.Subtract(x, target);
        gradient = L.Add(difference, difference);
        return L.Multiply(difference, difference);
    }
}
