using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Adam with weight decay beside the gradient (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019): the filters become
/// w·(1 − learningRate·weightDecay), then every parameter takes Adam's step with moments of the gradient alone. The decay follows the
/// schedule of the learning rate, as PyTorch's does.
/// </summary>
public sealed class AdamW : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="beta1">Decay of the mean: at least 0, below 1.</param>
    /// <param name="beta2">Decay of the mean square: at least 0, below 1.</param>
    /// <param name="epsilon">Keeps the division finite: above 0.</param>
    /// <param name="weightDecay">The decay of the filters: finite, at least 0.</param>
    /// <param name="amsGrad">Whether the step divides by the largest v so far (Reddi, Kale and Kumar 2018).</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public AdamW(float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0.01f,
        bool amsGrad = false)
        : base(learningRate)
    {
        RequireMoments(beta1, beta2, epsilon);
        RequireRange(weightDecay >= 0 && float.IsFinite(weightDecay), nameof(weightDecay), weightDecay, "a finite number of at least 0");
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
        WeightDecay = weightDecay;
        AmsGrad = amsGrad;
    }

    /// <summary>Decay of the mean.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean square.</summary>
    public float Beta2 { get; }

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <summary>The decay of the filters.</summary>
    public float WeightDecay { get; }

    /// <summary>Whether the step divides by the largest mean square so far.</summary>
    public bool AmsGrad { get; }

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => AmsGrad ? ["m", "v", "largest_v"] : ["m", "v"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new AdamW(learningRate, Beta1, Beta2, Epsilon, WeightDecay, AmsGrad);

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(LearningRate), LearningRate), (nameof(Beta1), Beta1),
        (nameof(Beta2), Beta2), (nameof(Epsilon), Epsilon), (nameof(WeightDecay), WeightDecay), (nameof(AmsGrad), AmsGrad));

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
    {
        AdamRule adam = AdamRule.Create(numbers.Step, numbers.LearningRate, Beta1, Beta2, Epsilon, l2: 0);
        float keep = (float)(1 - ((double)numbers.LearningRate * WeightDecay * numbers.DecayFactor));
        if (AmsGrad)
            UpdateOperator<AmsGradRule>.Default.Run(weights, gradient, state["m"], state["v"], state["largest_v"],
                new AmsGradRule(adam, keep));
        else
            UpdateOperator<AdamWRule>.Default.Run(weights, gradient, state["m"], state["v"], new AdamWRule(adam, keep));
    }
}
