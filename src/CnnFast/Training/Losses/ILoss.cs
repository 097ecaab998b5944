using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// What training makes small: a number for every batch, from an output of the model and the samples' targets, and its gradient by the
/// output. A new loss is one class. Implementations are immutable and thread-safe.
/// </summary>
/// <example>
/// <code>
/// /// &lt;summary&gt;The mean of |y − t| of models with one output.&lt;/summary&gt;
/// sealed class Absolute : ILoss
/// {
///     public LossInput Input => LossInput.Output;
///
///     public IReadOnlyList&lt;TargetInfo&gt; TargetsFor(Shape output) => [TargetInfo.Values(output)];
///
///     public LossSum Compute(in LossBatch batch)
///     {
///         double sum = 0;
///         for (int i = 0; i &lt; batch.Count; i++)
///         {
///             float difference = batch.Outputs[i] - batch.Values[i];
///             sum += Math.Abs(difference);
///             if (!batch.Gradient.IsEmpty)
///                 batch.Gradient[i] = Math.Sign(difference) * batch.GradientScale / batch.Count;
///         }
///
///         return new LossSum(sum, batch.Count);
///     }
/// }
/// </code>
/// </example>
public interface ILoss
{
    /// <summary>Which value of the model it reads.</summary>
    LossInput Input { get; }

    /// <summary>
    /// Whether the loss of a batch, whose gradient <see cref="Compute"/> writes, is the mean of the losses or their sum over all values of
    /// all samples. What <see cref="Trainer"/> and <see cref="Evaluator"/> report over batches is the mean in either case.
    /// </summary>
    LossReduction Reduction => LossReduction.Mean;

    /// <summary>Whether it reads <see cref="LossBatch.SampleWeights"/>; else data sets that have weights are refused.</summary>
    bool TakesSampleWeights => false;

    /// <summary>The label of samples, or of pixels, that it leaves out, and metrics with it; null where all count.</summary>
    int? IgnoredLabel => null;

    /// <summary>The targets that it takes for an output: one description or several to choose from, the usual one first.</summary>
    /// <param name="output">The shape of the output of one sample.</param>
    /// <returns>The descriptions.</returns>
    /// <exception cref="ShapeException">It takes no such output; the message says which it expects.</exception>
    IReadOnlyList<TargetInfo> TargetsFor(Shape output);

    /// <summary>Computes the losses of a batch and, where it is wanted, the gradient. Allocates nothing.</summary>
    /// <param name="batch">Outputs, targets and where the gradient goes.</param>
    /// <returns>The sum of the losses and what their mean divides by; the loss of the batch is one or the other, by
    /// <see cref="Reduction"/>, and the gradient is that of it.</returns>
    LossSum Compute(in LossBatch batch);
}
