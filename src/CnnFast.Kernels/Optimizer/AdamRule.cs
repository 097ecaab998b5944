using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Adam (Kingma and Ba 2015) with the numbers of one step, bias corrections included: g = gradient + l2·w; m = β1·m + (1 − β1)·g;
/// v = β2·v + (1 − β2)·g²; w = w − rate·m / (√(v·correction) + ε).
/// </summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="NewFirst">1 − beta1.</param>
/// <param name="NewSecond">1 − beta2.</param>
/// <param name="Rate">Learning rate / (1 − beta1^step).</param>
/// <param name="SecondCorrection">1 / (1 − beta2^step).</param>
/// <param name="Epsilon">Added to the root of the corrected second moment.</param>
/// <param name="L2">Factor of the weights in the gradient.</param>
internal readonly record struct AdamRule(
    float Beta1,
    float Beta2,
    float NewFirst,
    float NewSecond,
    float Rate,
    float SecondCorrection,
    float Epsilon,
    float L2) : IUpdateRule
{
    public static string Name => "Adam";

    public static int Remembered => 2;

    /// <summary>Derives the numbers of a step.</summary>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the root of the corrected second moment.</param>
    /// <param name="l2">Factor of the weights in the gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is below 1.</exception>
    public static AdamRule Create(long step, float learningRate, float beta1, float beta2, float epsilon, float l2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        return new AdamRule(
            beta1,
            beta2,
            (float)(1.0 - beta1),
            (float)(1.0 - beta2),
            (float)(learningRate / (1.0 - Power(beta1, step))),
            (float)(1.0 / (1.0 - Power(beta2, step))),
            epsilon,
            l2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<L, V, I>(V w, V gradient, ref V first, ref V second, ref V third)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        Moments<L, V, I>(w, gradient, ref first, ref second);
        return Move<L, V, I>(w, first, second);
    }

    /// <summary>Updates both moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Moments<L, V, I>(V w, V gradient, ref V first, ref V second)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V g = L.MultiplyAdd(L.Create(L2), w, gradient);
        first = TinyMoments.Flush<L, V, I>(
            L.MultiplyAdd(L.Create(Beta1), first, L.Multiply(L.Create(NewFirst), g)), TinyMoments.First);
        second = TinyMoments.Flush<L, V, I>(
            L.MultiplyAdd(L.Create(Beta2), second, L.Multiply(L.Multiply(L.Create(NewSecond), g), g)), TinyMoments.SecondBound(Epsilon));
    }

    /// <summary>The weights after a step with these moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Move<L, V, I>(V w, V first, V second)
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged
    {
        V root = L.Add(L.Sqrt(L.Multiply(second, L.Create(SecondCorrection))), L.Create(Epsilon));
        return L.Subtract(w, L.Divide(L.Multiply(L.Create(Rate), first), root));
    }

    // By squaring: multiplications alone, so the same bits on every platform.
    private static double Power(double value, long exponent)
    {
        double result = 1;
        for (; exponent > 0; exponent >>= 1, value *= value)
        {
            if ((exponent & 1) != 0)
                result *= value;
        }

        return result;
    }
}
