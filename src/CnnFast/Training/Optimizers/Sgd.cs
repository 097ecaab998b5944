using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>Stochastic gradient descent with momentum: g' = g + c·w (<see cref="L2Penalty"/>), v = momentum·v + g', w −= learningRate·v.</summary>
public sealed class Sgd : Optimizer
{
    /// <summary>Sets the optimizer.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="momentum">How much of the last step stays: at least 0, below 1.</param>
    /// <param name="l2">The weight decay; none when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Sgd(float learningRate, float momentum = 0, L2Penalty l2 = default)
        : base(learningRate, l2)
    {
        RequireRange(momentum is >= 0 and < 1, nameof(momentum), momentum, "at least 0 and below 1");
        Momentum = momentum;
    }

    /// <summary>How much of the last step stays.</summary>
    public float Momentum { get; }

    internal override int StatePerWeight => 1;

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new Sgd(learningRate, Momentum, L2);

    internal override void Step(OptimizerOperators operators, IWorkScheduler scheduler, Span<float> weights, ReadOnlySpan<float> gradient, Span<float> state, OptimizerUpdate update) =>
        operators.Sgd(scheduler, weights, gradient, state, update.LearningRate, Momentum, update.L2);
}
