using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// RMSProp (Tieleman and Hinton 2012): g' = g + c·w (<see cref="L2Penalty"/>), s = α·s + (1 − α)·g'², v = momentum·v + g' / (√s + ε),
/// w −= learningRate·v. Centered (Graves 2013), with the mean m = α·m + (1 − α)·g', the root is that of s − m². The formulas are those of
/// PyTorch's RMSprop; a negative s − m², which rounding can leave of a gradient that hardly changes, counts as 0.
/// </summary>
public sealed class RmsProp : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="alpha">Decay of the mean square: at least 0, below 1.</param>
    /// <param name="epsilon">Keeps the division finite: above 0.</param>
    /// <param name="momentum">How much of the last step stays: at least 0, below 1.</param>
    /// <param name="centered">Whether the step divides by the root of the variance instead of the mean square.</param>
    /// <param name="l2">The weight decay; none when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RmsProp(float learningRate = 0.01f, float alpha = 0.99f, float epsilon = 1e-8f, float momentum = 0, bool centered = false,
        L2Penalty l2 = default)
        : base(learningRate, l2)
    {
        RequireRange(alpha is >= 0 and < 1, nameof(alpha), alpha, "at least 0 and below 1");
        RequireRange(epsilon > 0 && float.IsFinite(epsilon), nameof(epsilon), epsilon, "a finite number above 0");
        RequireRange(momentum is >= 0 and < 1, nameof(momentum), momentum, "at least 0 and below 1");
        Alpha = alpha;
        Epsilon = epsilon;
        Momentum = momentum;
        Centered = centered;
    }

    /// <summary>Decay of the mean square.</summary>
    public float Alpha { get; }

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <summary>How much of the last step stays.</summary>
    public float Momentum { get; }

    /// <summary>Whether the step divides by the root of the variance.</summary>
    public bool Centered { get; }

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override bool AddsL2 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => Centered ? ["square", "velocity", "mean"] : ["square", "velocity"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new RmsProp(learningRate, Alpha, Epsilon, Momentum, Centered, L2);

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(LearningRate), LearningRate), (nameof(Alpha), Alpha),
        (nameof(Epsilon), Epsilon), (nameof(Momentum), Momentum), (nameof(Centered), Centered), (nameof(L2), L2));

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
    {
        var rule = new RmsPropRule(numbers.LearningRate, Alpha, (float)(1.0 - Alpha), Epsilon, Momentum, numbers.L2);
        if (Centered)
            UpdateOperator<CenteredRmsPropRule>.Default.Run(weights, gradient, state["square"], state["velocity"], state["mean"],
                new CenteredRmsPropRule(rule));
        else
            UpdateOperator<RmsPropRule>.Default.Run(weights, gradient, state["square"], state["velocity"], rule);
    }
}
