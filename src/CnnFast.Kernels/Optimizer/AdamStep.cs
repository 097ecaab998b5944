namespace CnnFast.Kernels;

/// <summary>The numbers of one step of Adam (Kingma and Ba 2015), bias corrections included.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="NewFirst">1 − beta1.</param>
/// <param name="NewSecond">1 − beta2.</param>
/// <param name="Rate">Learning rate / (1 − beta1^step).</param>
/// <param name="SecondCorrection">1 / (1 − beta2^step).</param>
/// <param name="Epsilon">Added to the root of the corrected second moment.</param>
/// <param name="L2">Factor of the weights in the gradient.</param>
internal readonly record struct AdamStep(float Beta1, float Beta2, float NewFirst, float NewSecond, float Rate, float SecondCorrection, float Epsilon, float L2)
{
    /// <summary>Derives the numbers of a step.</summary>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the root of the corrected second moment.</param>
    /// <param name="l2">Factor of the weights in the gradient.</param>
    public static AdamStep Create(long step, float learningRate, float beta1, float beta2, float epsilon, float l2) => new(
        beta1,
        beta2,
        (float)(1.0 - beta1),
        (float)(1.0 - beta2),
        (float)(learningRate / (1.0 - Power(beta1, step))),
        (float)(1.0 / (1.0 - Power(beta2, step))),
        epsilon,
        l2);

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
