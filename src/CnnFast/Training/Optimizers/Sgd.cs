using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Stochastic gradient descent with momentum: g' = g + c·w (<see cref="L2Penalty"/>), v = momentum·v + (1 − dampening)·g',
/// w −= learningRate·v. The first velocity is the first gradient. With Nesterov's momentum the step is
/// w −= learningRate·(g' + momentum·v). The formulas are those of PyTorch's SGD.
/// </summary>
public sealed class Sgd : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="momentum">How much of the last step stays: at least 0, below 1.</param>
    /// <param name="l2">The weight decay; none when not given.</param>
    /// <param name="dampening">The part of the gradient that does not enter the velocity after the first step: 0 to 1; without momentum
    /// it has no effect.</param>
    /// <param name="nesterov">Whether the momentum is Nesterov's; it takes a momentum above 0 and no dampening.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">Nesterov's momentum was asked for without momentum, or with dampening.</exception>
    public Sgd(float learningRate, float momentum = 0, L2Penalty l2 = default, float dampening = 0, bool nesterov = false)
        : base(learningRate, l2)
    {
        RequireRange(momentum is >= 0 and < 1, nameof(momentum), momentum, "at least 0 and below 1");
        RequireRange(dampening is >= 0 and <= 1, nameof(dampening), dampening, "0 to 1");
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException(FormattableString.Invariant(
                $"Sgd: nesterov is true with momentum {momentum} and dampening {dampening}; expected a momentum above 0 and no dampening."),
                nameof(nesterov));
        Momentum = momentum;
        Dampening = dampening;
        Nesterov = nesterov;
    }

    /// <summary>How much of the last step stays.</summary>
    public float Momentum { get; }

    /// <summary>The part of the gradient that does not enter the velocity.</summary>
    public float Dampening { get; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override bool AddsL2 => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["velocity"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new Sgd(learningRate, Momentum, L2, Dampening, Nesterov);

    /// <summary>The type and its options.</summary>
    /// <returns>The text, which does not depend on the culture.</returns>
    public override string ToString() => OptionText.Of(this, (nameof(LearningRate), LearningRate), (nameof(Momentum), Momentum),
        (nameof(L2), L2), (nameof(Dampening), Dampening), (nameof(Nesterov), Nesterov));

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers)
    {
        Span<float> velocity = state["velocity"];
        if (Nesterov)
        {
            UpdateOperator<NesterovRule>.Default.Run(weights, gradient, velocity, [],
                new NesterovRule(numbers.LearningRate, Momentum, numbers.L2));
            return;
        }

        float fresh = Momentum == 0 || numbers.Step == 1 ? 1 : 1 - Dampening;
        UpdateOperator<SgdRule>.Default.Run(weights, gradient, velocity, [],
            new SgdRule(numbers.LearningRate, Momentum, numbers.L2) { Fresh = fresh });
    }
}
