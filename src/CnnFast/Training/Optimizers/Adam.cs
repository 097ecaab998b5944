using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) with bias correction: g' = g + c·w (<see cref="L2Penalty"/>), m = β₁·m + (1 − β₁)·g', v = β₂·v + (1 − β₂)·g'²,
/// w −= learningRate·m̂ / (√v̂ + ε).
/// </summary>
public sealed class Adam : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="beta1">Decay of the mean: at least 0, below 1.</param>
    /// <param name="beta2">Decay of the mean square: at least 0, below 1.</param>
    /// <param name="epsilon">Keeps the division finite: above 0.</param>
    /// <param name="l2">The weight decay; none when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Adam(float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, L2Penalty l2 = default)
        : base(learningRate, l2)
    {
        RequireRange(beta1 is >= 0 and < 1, nameof(beta1), beta1, "at least 0 and below 1");
        RequireRange(beta2 is >= 0 and < 1, nameof(beta2), beta2, "at least 0 and below 1");
        RequireRange(epsilon > 0 && float.IsFinite(epsilon), nameof(epsilon), epsilon, "a finite number above 0");
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
    }

    /// <summary>Decay of the mean.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean square.</summary>
    public float Beta2 { get; }

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["m", "v"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new Adam(learningRate, Beta1, Beta2, Epsilon, L2);

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers) =>
        UpdateOperator<AdamRule>.Default.Run(
            weights,
            gradient,
            state["m"],
            state["v"],
            AdamRule.Create(numbers.Step, numbers.LearningRate, Beta1, Beta2, Epsilon, numbers.L2));
}
