using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Adagrad (Duchi, Hazan and Singer 2011): g' = g + c·w (<see cref="L2Penalty"/>), s += g'²,
/// w −= learningRate / (1 + (t − 1)·learningRateDecay)·g' / (√s + ε) at step t. The formulas are those of PyTorch's Adagrad.
/// </summary>
public sealed class Adagrad : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="learningRateDecay">How the learning rate falls by itself: finite, at least 0.</param>
    /// <param name="initialSum">The sum of squares before the first step: finite, at least 0.</param>
    /// <param name="epsilon">Keeps the division finite: above 0.</param>
    /// <param name="l2">The weight decay; none when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Adagrad(float learningRate = 0.01f, float learningRateDecay = 0, float initialSum = 0, float epsilon = 1e-10f,
        L2Penalty l2 = default)
        : base(learningRate, l2)
    {
        RequireRange(learningRateDecay >= 0 && float.IsFinite(learningRateDecay), nameof(learningRateDecay), learningRateDecay,
            "a finite number of at least 0");
        RequireRange(initialSum >= 0 && float.IsFinite(initialSum), nameof(initialSum), initialSum, "a finite number of at least 0");
        RequireRange(epsilon > 0 && float.IsFinite(epsilon), nameof(epsilon), epsilon, "a finite number above 0");
        LearningRateDecay = learningRateDecay;
        InitialSum = initialSum;
        Epsilon = epsilon;
    }

    /// <summary>How the learning rate falls by itself.</summary>
    public float LearningRateDecay { get; }

    /// <summary>The sum of squares before the first step.</summary>
    public float InitialSum { get; }

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override bool AddsL2 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["sum"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) =>
        new Adagrad(learningRate, LearningRateDecay, InitialSum, Epsilon, L2);

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(LearningRate), LearningRate),
        (nameof(LearningRateDecay), LearningRateDecay), (nameof(InitialSum), InitialSum), (nameof(Epsilon), Epsilon), (nameof(L2), L2));

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
    {
        Span<float> sum = state["sum"];
        if (numbers.Step == 1)
            sum.Fill(InitialSum);
        float rate = (float)(numbers.LearningRate / (1 + ((numbers.Step - 1) * (double)LearningRateDecay)));
        UpdateOperator<AdagradRule>.Default.Run(weights, gradient, sum, [], new AdagradRule(rate, Epsilon, numbers.L2));
    }
}
