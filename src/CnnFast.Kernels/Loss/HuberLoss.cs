using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// With d = x − t: ½·d² where |d| ≤ δ, else δ·(|d| − ½·δ), which is c·(d − ½·c) with c = d cut to [−δ, δ], the derivative.
/// </summary>
/// <param name="delta">δ, above 0.</param>
internal readonly struct HuberLoss(float delta) : IElementLoss
{
    private readonly float _delta = delta;

    public static string Name => "Huber";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<L, V, I>(V x, V target, V positiveWeight, out V gradient)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V difference = L.Subtract(x, target);
        V highest = L.Create(_delta), lowest = L.Create(-_delta);
        gradient = L.SelectGreater(difference, highest, highest, L.SelectGreater(lowest, difference, lowest, difference));
        return L.Multiply(gradient, L.MultiplyAdd(gradient, L.Create(-0.5f), difference));
    }
}
