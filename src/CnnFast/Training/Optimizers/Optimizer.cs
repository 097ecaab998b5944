using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>How gradients change the weights. Immutable: the trainer keeps what the optimizer remembers between steps.</summary>
public abstract class Optimizer
{
    private protected Optimizer(float learningRate, L2Penalty l2)
    {
        RequireRange(learningRate > 0 && float.IsFinite(learningRate), nameof(learningRate), learningRate, "a finite number above 0");
        LearningRate = learningRate;
        L2 = l2;
    }

    /// <summary>The learning rate before the schedule.</summary>
    public float LearningRate { get; }

    /// <summary>The weight decay.</summary>
    public L2Penalty L2 { get; }

    /// <summary>Floats that are remembered for each weight.</summary>
    internal abstract int StatePerWeight { get; }

    /// <summary>The same optimizer with another learning rate.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <returns>The optimizer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is out of range.</exception>
    public abstract Optimizer WithLearningRate(float learningRate);

    /// <summary>Changes the weights of one parameter.</summary>
    /// <param name="operators">The kernels.</param>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="state"><see cref="StatePerWeight"/> floats a weight, zero before the first step.</param>
    /// <param name="update">What all parameters share.</param>
    internal abstract void Step(OptimizerOperators operators, IWorkScheduler scheduler, Span<float> weights, ReadOnlySpan<float> gradient, Span<float> state, OptimizerUpdate update);

    private protected void RequireRange(bool holds, string option, float value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, FormattableString.Invariant($"{GetType().Name}: {option} is {value}; expected {expected}."));
    }
}
