namespace CnnFast.Training;

/// <summary>
/// How gradients change the weights. Immutable: the trainer keeps what the optimizer remembers between steps. A new optimizer is one
/// subclass: the names of what it remembers, and <see cref="Update"/>.
/// </summary>
public abstract class Optimizer
{
    /// <summary>Sets what all optimizers have.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <param name="l2">The weight decay; none when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is out of range.</exception>
    protected Optimizer(float learningRate, L2Penalty l2 = default)
    {
        RequireRange(learningRate > 0 && float.IsFinite(learningRate), nameof(learningRate), learningRate, "a finite number above 0");
        LearningRate = learningRate;
        L2 = l2;
    }

    /// <summary>The learning rate before the schedule.</summary>
    public float LearningRate { get; }

    /// <summary>The weight decay as a penalty on the loss.</summary>
    public L2Penalty L2 { get; }

    /// <summary>
    /// The names of what is remembered of every weight, such as <c>velocity</c>: one tensor each, of the shape of the parameter.
    /// </summary>
    public virtual IReadOnlyList<string> StateNames => [];

    /// <summary>
    /// Whether every weight changes by itself, so that <see cref="Update"/> may get a parameter in parts, on several threads at once; false
    /// unless it is overridden. Fields of the optimizer must not be written in <see cref="Update"/> then.
    /// </summary>
    public virtual bool IsElementwise => false;

    /// <summary>
    /// Whether <see cref="Update"/> itself adds <see cref="OptimizerStep.L2"/> times the weights to the gradient; false unless it is
    /// overridden: the gradient that it gets has them already, and <see cref="OptimizerStep.L2"/> is 0.
    /// </summary>
    public virtual bool AddsL2 => false;

    /// <summary>The same optimizer with another learning rate.</summary>
    /// <param name="learningRate">The learning rate: finite, above 0.</param>
    /// <returns>The optimizer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is out of range.</exception>
    public abstract Optimizer WithLearningRate(float learningRate);

    /// <summary>
    /// Changes weights of one parameter once: all of them, or where <see cref="IsElementwise"/> is true some of them. Allocates nothing.
    /// </summary>
    /// <param name="weights">The weights, to be updated.</param>
    /// <param name="gradient">
    /// The gradient of the loss by them, of the same length; with the weight decay of <see cref="L2"/>, unless <see cref="AddsL2"/>.
    /// </param>
    /// <param name="state">What is remembered of them, to be updated.</param>
    /// <param name="numbers">The learning rate and the other numbers of the step.</param>
    public abstract void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerTensors state, in OptimizerStep numbers);

    /// <summary>Refuses decays of moments and a number beside a root that are out of range.</summary>
    private protected void RequireMoments(float beta1, float beta2, float epsilon)
    {
        RequireRange(beta1 is >= 0 and < 1, nameof(beta1), beta1, "at least 0 and below 1");
        RequireRange(beta2 is >= 0 and < 1, nameof(beta2), beta2, "at least 0 and below 1");
        RequireRange(epsilon > 0 && float.IsFinite(epsilon), nameof(epsilon), epsilon, "a finite number above 0");
    }

    /// <summary>Refuses an option that is out of range.</summary>
    /// <param name="holds">Whether it is in its range.</param>
    /// <param name="option">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="expected">The range, in words.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="holds"/> is false; the message names the optimizer,
    /// the option and both.</exception>
    protected void RequireRange(bool holds, string option, float value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option,
                FormattableString.Invariant($"{GetType().Name}: {option} is {value}; expected {expected}."));
    }
}
