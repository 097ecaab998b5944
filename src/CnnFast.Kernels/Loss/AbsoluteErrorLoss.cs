using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>|x − t|, with the derivative −1, 0 or 1.</summary>
internal readonly struct AbsoluteErrorLoss : IElementLoss
{
    public static string Name => "AbsoluteError";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<L, V, I>(V x, V target, V positiveWeight, out V gradient)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V zero = L.Create(0f);
        V difference = L.Subtract(x, target);
        V negative = L.Subtract(zero, difference);

        // A difference of 0 is its own sign, and a NaN stays one.
        gradient = L.SelectGreater(difference, zero, L.Create(1f), L.SelectGreater(zero, difference, L.Create(-1f), difference));
        return L.SelectGreater(zero, difference, negative, difference);
    }
}
