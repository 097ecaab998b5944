namespace CnnFast.Graphs;

/// <summary>An operation whose output holds the values of its input unchanged. Its steps run only where a plan needs a copy.</summary>
internal abstract record ViewOperation : Operation
{
    public sealed override ElementType InferType(string name, IReadOnlyList<ElementType> inputs) => inputs[0];

    public sealed override bool IsView(bool training) => true;

    public sealed override ForwardStep CreateForward(NodeShapes shapes) => new CopyForwardStep();

    public sealed override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new CopyBackwardStep();
}
