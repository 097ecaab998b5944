using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>The reference of the operations of one type.</summary>
/// <typeparam name="T">The type.</typeparam>
internal abstract class ReferenceOf<T> : ReferenceOperation
    where T : Operation
{
    public sealed override Type Type => typeof(T);

    public sealed override double[] Forward(ReferenceNode node) => Forward((T)node.Node.Operation, node);

    public sealed override void Backward(ReferenceNode node, double[] dy) => Backward((T)node.Node.Operation, node, dy);

    public sealed override long Terms(Node node) => Terms((T)node.Operation, node);

    /// <inheritdoc cref="ReferenceOperation.Forward"/>
    protected abstract double[] Forward(T operation, ReferenceNode node);

    /// <inheritdoc cref="ReferenceOperation.Backward"/>
    protected abstract void Backward(T operation, ReferenceNode node, double[] dy);

    /// <inheritdoc cref="ReferenceOperation.Terms"/>
    protected virtual long Terms(T operation, Node node) => node.Inputs.Count;
}
