using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>
/// An operation in double, forward and backward, straight from its definition. A new one is a subclass of
/// <see cref="ReferenceOf{T}"/> and a line in <see cref="ReferenceOperations"/>. Holds no state; what forward keeps for backward
/// goes to <see cref="ReferenceNode.Kept"/>.
/// </summary>
internal abstract class ReferenceOperation
{
    /// <summary>The operations that it computes, those derived from the type among them.</summary>
    public abstract Type Type { get; }

    /// <summary>Whether it goes backwards.</summary>
    public virtual bool HasGradient => true;

    /// <summary>
    /// Computes the output. In an absolute run (<see cref="ReferenceNode.IsAbsolute"/>) inputs and parameters are magnitudes, and so is
    /// what it gives: where the operation is no sum of products, its largest slope times them, and what its own roundings add.
    /// </summary>
    public abstract double[] Forward(ReferenceNode node);

    /// <summary>
    /// Adds the gradients of the inputs and parameters; in an absolute run the magnitudes of their terms.
    /// </summary>
    /// <param name="node">The node, after <see cref="Forward"/>.</param>
    /// <param name="dy">The gradient of the output; the operation may write over it.</param>
    public abstract void Backward(ReferenceNode node, double[] dy);

    /// <summary>Terms of the longest sum behind an element, forward and backward together, but for sums over pixels and batch.</summary>
    public abstract long Terms(Node node);
}
