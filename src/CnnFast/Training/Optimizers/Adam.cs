using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Adam (Kingma and Ba 2015) with bias correction: g' = g + c·w (<see cref="L2Penalty"/>), m = β₁·m + (1 − β₁)·g', v = β₂·v + (1 − β₂)·g'²,
/// w −= learningRate·m̂ / (√v̂ + ε). The formulas are those of PyTorch's Adam.
/// </summary>
public sealed class Adam : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="beta1">Decay of the mean: at least 0, below 1.</param>
    /// <param name="beta2">Decay of the mean square: at least 0, below 1.</param>
    /// <param name="epsilon">Keeps the division finite: above 0.</param>
    /// <param name="l2">The weight decay; none when not given.</param>
    /// <param name="amsGrad">Whether the step divides by the largest v so far (Reddi, Kale and Kumar 2018).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Adam(float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, L2Penalty l2 = default,
        bool amsGrad = false)
        : base(learningRate, l2)
    {
        RequireMoments(beta1, beta2, epsilon);
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
        AmsGrad = amsGrad;
    }

    /// <summary>Decay of the mean.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean square.</summary>
    public float Beta2 { get; }

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <summary>Whether the step divides by the largest mean square so far.</summary>
    public bool AmsGrad { get; }

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override bool AddsL2 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => AmsGrad ? ["m", "v", "largest_v"] : ["m", "v"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new Adam(learningRate, Beta1, Beta2, Epsilon, L2, AmsGrad);

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(LearningRate), LearningRate), (nameof(Beta1), Beta1),
        (nameof(Beta2), Beta2), (nameof(Epsilon), Epsilon), (nameof(L2), L2), (nameof(AmsGrad), AmsGrad));

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
    {
        AdamRule rule = AdamRule.Create(numbers.Step, numbers.LearningRate, Beta1, Beta2, Epsilon, numbers.L2);
        if (AmsGrad)
            UpdateOperator<AmsGradRule>.Default.Run(weights, gradient, state["m"], state["v"], state["largest_v"],
                new AmsGradRule(rule, Keep: 1));
        else
            UpdateOperator<AdamRule>.Default.Run(weights, gradient, state["m"], state["v"], rule);
    }
}
