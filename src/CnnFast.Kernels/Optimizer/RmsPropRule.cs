using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// RMSProp: g = gradient + l2·w; s = alpha·s + (1 − alpha)·g²; v = momentum·v + g / (√s + ε); w = w − rate·v.
/// </summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Alpha">Decay of the mean square.</param>
/// <param name="Fresh">1 − alpha.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Momentum">How much of the last step stays.</param>
/// <param name="L2">Factor of the weights in the gradient.</param>
internal readonly record struct RmsPropRule(float LearningRate, float Alpha, float Fresh, float Epsilon, float Momentum, float L2)
    : IUpdateRule
{
    public static string Name => "RmsProp";

    public static int Remembered => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V g = Square<L, V, I>(w, gradient, ref first);
        return Move<L, V, I>(w, g, first, ref second);
    }

    /// <summary>Updates the mean square; returns the gradient with L2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Square<L, V, I>(V w, V gradient, ref V square)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V g = L.MultiplyAdd(L.Create(L2), w, gradient);
        square = TinyMoments.Flush<L, V, I>(
            L.MultiplyAdd(L.Create(Alpha), square, L.Multiply(L.Multiply(L.Create(Fresh), g), g)), TinyMoments.SecondBound(Epsilon));
        return g;
    }

    /// <summary>Updates the velocity; returns the weights after the step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Move<L, V, I>(V w, V g, V square, ref V velocity)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V scaled = L.Divide(g, L.Add(L.Sqrt(square), L.Create(Epsilon)));
        velocity = TinyMoments.Flush<L, V, I>(L.MultiplyAdd(L.Create(Momentum), velocity, scaled), TinyMoments.First);
        return L.MultiplyAdd(L.Create(-LearningRate), velocity, w);
    }
}
