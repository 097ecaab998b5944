using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>
/// Stochastic gradient descent with momentum: g' = g + c·w (<see cref="L2Penalty"/>), v = momentum·v + g', w −= learningRate·v.
/// </summary>
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

    /// <inheritdoc/>
    public override bool IsElementwise => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames => ["velocity"];

    /// <inheritdoc/>
    public override Optimizer WithLearningRate(float learningRate) => new Sgd(learningRate, Momentum, L2);

    /// <inheritdoc/>
    public override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers) =>
        UpdateOperator<SgdRule>.Default.Run(weights, gradient, state["velocity"], [],
            new SgdRule(numbers.LearningRate, Momentum, numbers.L2));
}
