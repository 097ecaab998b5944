using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>Adagrad (Duchi, Hazan and Singer 2011): g = gradient + l2·w; s = s + g²; w = w − rate·g / (√s + ε).</summary>
/// <param name="LearningRate">The learning rate, after its decay.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="L2">Factor of the weights in the gradient.</param>
internal readonly record struct AdagradRule(float LearningRate, float Epsilon, float L2) : IUpdateRule
{
    public static string Name => "Adagrad";

    public static int Remembered => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V g = L.MultiplyAdd(L.Create(L2), w, gradient);
        first = L.MultiplyAdd(g, g, first);
        return L.Subtract(w, L.Divide(L.Multiply(L.Create(LearningRate), g), L.Add(L.Sqrt(first), L.Create(Epsilon))));
    }
}
