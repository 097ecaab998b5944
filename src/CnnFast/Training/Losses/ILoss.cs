using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// What training makes small: a number for every sample, from an output of the model and the sample's targets, and its gradient by the
/// output. A new loss is one class. Implementations are immutable and thread-safe.
/// </summary>
public interface ILoss
{
    /// <summary>Which value of the model it reads.</summary>
    LossInput Input { get; }

    /// <summary>The targets that it takes for an output: one description or several to choose from, the usual one first.</summary>
    /// <param name="output">The shape of the output of one sample.</param>
    /// <returns>The descriptions.</returns>
    /// <exception cref="ShapeException">It takes no such output; the message says which it expects.</exception>
    IReadOnlyList<TargetInfo> TargetsFor(Shape output);

    /// <summary>Computes the losses of a batch and, where it is wanted, their gradient. Allocates nothing.</summary>
    /// <param name="batch">Outputs, targets and where the gradient goes.</param>
    /// <returns>The sum of the samples' losses.</returns>
    double Compute(in LossBatch batch);
}
