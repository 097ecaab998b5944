namespace CnnFast.Training;

/// <summary>
/// Weight decay as a penalty on the loss: ½·c·Σw² over the filters (never biases), which adds c·w to their gradient.
/// c is λ (<see cref="Constant"/>) or λ/m with m samples in the batch (<see cref="PerBatch"/>). The default value is no penalty.
/// The losses that training reports are without it.
/// </summary>
public readonly record struct L2Penalty
{
    private L2Penalty(float lambda, bool overBatch)
    {
        if (!float.IsFinite(lambda) || lambda < 0)
            throw new ArgumentOutOfRangeException(nameof(lambda),
                FormattableString.Invariant($"L2Penalty: lambda is {lambda}; expected a finite number of at least 0."));
        Lambda = lambda;
        IsPerBatch = overBatch;
    }

    /// <summary>λ.</summary>
    public float Lambda { get; }

    /// <summary>Whether λ is divided by the samples of the batch.</summary>
    public bool IsPerBatch { get; }

    /// <summary>The penalty ½·λ·Σw²: the gradient gains λ·w.</summary>
    /// <param name="lambda">λ: finite, at least 0.</param>
    /// <returns>The penalty.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lambda"/> is out of range.</exception>
    public static L2Penalty Constant(float lambda) => new(lambda, overBatch: false);

    /// <summary>The penalty λ/(2m)·Σw² with m samples in the batch: the gradient gains (λ/m)·w.</summary>
    /// <param name="lambda">λ: finite, at least 0.</param>
    /// <returns>The penalty.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lambda"/> is out of range.</exception>
    public static L2Penalty PerBatch(float lambda) => new(lambda, overBatch: true);

    /// <summary>The factor c of the gradient for a batch.</summary>
    internal float FactorFor(int batch) => IsPerBatch ? Lambda / batch : Lambda;
}
