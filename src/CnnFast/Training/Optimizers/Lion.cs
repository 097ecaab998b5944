using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Lion (Chen and others, "Symbolic discovery of optimization algorithms", 2023, algorithm 2):
/// w −= learningRate·(sign(β₁·m + (1 − β₁)·g) + weightDecay·w) with the decay for filters alone, then m = β₂·m + (1 − β₂)·g. Every weight
/// moves by the learning rate, so that is 3 to 10 times smaller than Adam's, and the decay as much larger.
/// </summary>
public sealed class Lion : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="beta1">How much of the mean is in the step: at least 0, below 1.</param>
    /// <param name="beta2">Decay of the mean: at least 0, below 1.</param>
    /// <param name="weightDecay">The decay of the filters: finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Lion(float learningRate = 1e-4f, float beta1 = 0.9f, float beta2 = 0.99f, float weightDecay = 0)
        : base(learningRate)
    {
        RequireRange(beta1 is >= 0 and < 1, nameof(beta1), beta1, "at least 0 and below 1");
        RequireRange(beta2 is >= 0 and < 1, nameof(beta2), beta2, "at least 0 and below 1");
        RequireRange(weightDecay >= 0 && float.IsFinite(weightDecay), nameof(weightDecay), weightDecay, "a finite number of at least 0");
        Beta1 = beta1;
        Beta2 = beta2;
        WeightDecay = weightDecay;
    }

    /// <summary>How much of the mean is in the step.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean.</summary>
    public float Beta2 { get; }

    /// <summary>The decay of the filters.</summary>
    public float WeightDecay { get; }

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["m"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new Lion(learningRate, Beta1, Beta2, WeightDecay);

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(LearningRate), LearningRate), (nameof(Beta1), Beta1),
        (nameof(Beta2), Beta2), (nameof(WeightDecay), WeightDecay));

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
    {
        float keep = (float)(1 - ((double)numbers.LearningRate * WeightDecay * numbers.DecayFactor));
        UpdateOperator<LionRule>.Default.Run(weights, gradient, state["m"], [],
            new LionRule(numbers.LearningRate, Beta1, (float)(1.0 - Beta1), Beta2, (float)(1.0 - Beta2), keep));
    }
}
